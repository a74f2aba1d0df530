"""What is said of settings, in Spanish."""

PREFERENCES = {
    "Settings": "Ajustes",
    "↑↓ choose · ←→ change · Esc closes": "↑↓ elige · ←→ cambia · Esc cierra",
    "The settings can't be kept: {reason}.": "No se pueden guardar los ajustes: {reason}.",
    "There is no setting {name}. Did you mean {near}?": "No hay ningún ajuste {name}. ¿Querías decir {near}?",
    "There is no setting {name}; there are: {all}.": "No hay ningún ajuste {name}; hay: {all}.",
    "{name} can't be {text}; expected: {expected}.": "{name} no puede ser {text}; se esperaba: {expected}.",
    "{file} can't be read: {reason}.": "No se puede leer {file}: {reason}.",
    "this is not TOML: {error}.": "esto no es TOML: {error}.",
    "line {line}": "línea {line}",
    "a key": "una tecla",
    "a key, as in ctrl+s or f5, or several with commas between": "una tecla, como ctrl+s o f5, o varias separadas por comas",
    "There is no key called {name}. Did you mean {near}?": "Ninguna tecla se llama {name}. ¿Querías decir {near}?",
    "a nick, like ana": "un apodo, como ana",
    "a whole number from {low} to {high}": "un número entero de {low} a {high}",
    "hours, as in 22:00-07:30, or off": "unas horas, como en 22:00-07:30, u off",
    "Welcome to chatapp": "Te damos la bienvenida a chatapp",
    "Nick": "Apodo",
    "Where": "Dónde",
    "Language": "Idioma",
    "Colours": "Colores",
    "this machine": "esta máquina",
    "Enter joins · ↑↓←→ choose · Esc leaves": "Enter entra · ↑↓←→ elige · Esc sale",
    "Where is a name or an address, as in chat.example or 192.0.2.7:9000.": (
        "Dónde es un nombre o una dirección, como chat.example o 192.0.2.7:9000."
    ),
    "who you are if `--nick` isn't given": "quién eres si no se da `--nick`",
    "the language; auto is the system's": "el idioma; auto es el del sistema",
    "the colours; those of ansi- are the terminal's own 16": "los colores; los de ansi- son los 16 de la terminal",
    "how the time is written beside messages": "cómo se escribe la hora junto a los mensajes",
    "spaced has an empty line between speakers": "spaced deja una línea vacía entre quienes hablan",
    "how wide the column of nicks is; with 0 there is none": "cuánto mide la columna de apodos; con 0 no la hay",
    "whether rooms stand on the left, where they fit": "si las salas están a la izquierda, donde quepan",
    "whether people stand on the right, where they fit": "si las personas están a la derecha, donde quepan",
    "whether the bell rings when you are mentioned, or written to alone": "si suena el timbre cuando te mencionan o te escriben a solas",
    "how that is notified: by the terminal, by notify-send (desktop), or not": (
        "cómo se te notifica eso: por la terminal, por notify-send (desktop), o de ningún modo"
    ),
    "from when until when it neither rings nor notifies, as in 22:00-07:00": "de qué hora a qué hora ni suena ni notifica, como en 22:00-07:00",
    "whether the window's title counts what is unread": "si el título de la ventana cuenta lo no leído",
    "whether others see that you are writing": "si los demás ven que estás escribiendo",
}
