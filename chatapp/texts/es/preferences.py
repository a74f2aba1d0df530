"""What is said of settings, in Spanish."""

PREFERENCES = {
    "Settings": "Ajustes",
    "↑↓ which · ←→ what · Esc closes": "↑↓ cuál · ←→ qué · Esc cierra",
    "The settings can't be kept: {reason}.": "No se pueden guardar los ajustes: {reason}.",
    "There is no setting {name}. Did you mean {near}?": "No hay ningún ajuste {name}. ¿Querías decir {near}?",
    "There is no setting {name}; there are: {all}.": "No hay ningún ajuste {name}; hay: {all}.",
    "{name} can't be {text}; expected: {expected}.": "{name} no puede ser {text}; se esperaba: {expected}.",
    "{file} can't be read: {reason}.": "No se puede leer {file}: {reason}.",
    "this is not TOML: {error}.": "esto no es TOML: {error}.",
    "line {line}": "línea {line}",
    "a key": "una tecla",
    "a key, as in ctrl+s or f5, or several with commas between": "una tecla, como ctrl+s o f5, o varias con comas",
    "There is no key called {name}. Did you mean {near}?": "Ninguna tecla se llama {name}. ¿Querías decir {near}?",
    "a nick, like ana": "un apodo, como ana",
    "a whole number from {low} to {high}": "un número entero de {low} a {high}",
    "hours, as in 22:00-07:30, or off": "unas horas, como 22:00-07:30, u off",
    "Welcome to chatapp": "Te damos la bienvenida a chatapp",
    "Nick": "Apodo",
    "Where": "Dónde",
    "Language": "Idioma",
    "Colours": "Colores",
    "this machine": "este equipo",
    "Enter goes in · ↑↓ ←→ · Esc leaves": "Enter entra · ↑↓ ←→ · Esc sale",
    "Where is a name or an address, as in chat.example or 192.0.2.7:9000.": (
        "Dónde es un nombre o una dirección, como chat.example o 192.0.2.7:9000."
    ),
    "who you are if `--nick` isn't given": "quién eres si no se da `--nick`",
    "the language; auto is the system's": "el idioma; auto es el del sistema",
    "the colours; ansi- has the terminal's own 16": "los colores; ansi- tiene los 16 del terminal",
    "how the time is written beside messages": "cómo se escribe la hora junto a los mensajes",
    "spaced has an empty line between speakers": "spaced deja una línea vacía entre quienes hablan",
    "how wide the column of nicks is; with 0 there is none": "cuánto mide la columna de apodos; con 0 no la hay",
    "whether rooms stand on the left, where there is a place": "si las salas están a la izquierda, donde quepan",
    "whether people stand on the right, where there is a place": "si las personas están a la derecha, donde quepan",
    "whether the terminal's bell rings when somebody turns to you": "si suena el timbre cuando alguien se dirige a ti",
    "how you are notified then: by the terminal, or by the desktop's notify-send": (
        "cómo se te notifica entonces: por el terminal, o por notify-send del escritorio"
    ),
    "when neither is done": "cuándo no se hace ni lo uno ni lo otro",
    "whether the window's title counts what is unread": "si el título de la ventana cuenta lo no leído",
    "whether others see that you are writing": "si los demás ven que estás escribiendo",
}
