"""What the server says to plain peers and in its log, in Spanish."""

SERVER = {
    "{nick} is now {to}.": "{nick} se llama ahora {to}.",
    "and {count} other": "y {count} más",
    "and {count} others": "y {count} más",
    "Here are: {nicks}": "Aquí están: {nicks}",
    "{nick} joined ({dialect}).": "{nick} ha entrado ({dialect}).",
    "{nick} left.": "{nick} ha salido.",
    "{nick} is dropped: {error}": "{nick} queda fuera: {error}",
    "There are no older messages.": "No hay mensajes más antiguos.",
    "Nothing was found.": "No se ha encontrado nada.",
    "The log can be written again.": "Ya se puede volver a escribir el registro.",
    "The log can't be written: {reason}": "No se puede escribir el registro: {reason}",
    "list what was said last": "muestra lo último que se dijo",
    "find what was said: words, from:ana, before:2026-01-31": "busca lo que se dijo: palabras, from:ana, before:2026-01-31",
    "say what you do": "di lo que haces",
    "take another nick": "cambia de apodo",
    "list who is here": "muestra quién está aquí",
    "list the commands": "muestra las órdenes",
    "leave the chat (or type salir)": "sal del chat (o escribe salir)",
}
