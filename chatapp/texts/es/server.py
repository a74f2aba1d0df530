"""What the server says to plain peers and in its log, in Spanish."""

SERVER = {
    "Settings are the program's in which you join; here there are none.": (
        "Los ajustes son del programa con el que entras; aquí no hay ninguno."
    ),
    "{nick} is now {to}.": "{nick} se llama ahora {to}.",
    "You are in {room} now.": "Ahora estás en {room}.",
    "There are these rooms: {rooms}": "Hay estas salas: {rooms}",
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
    "Only {nick} reads what you write with: /msg {nick} …": "Solo {nick} lee lo que escribas con: /msg {nick} …",
    "active": "activo",
    "idle": "inactivo",
    "away": "ausente",
    "not here": "no está",
    "key {key}": "clave {key}",
    "a guest": "invitado",
    "Topic: {topic}": "Tema: {topic}",
    "{nick} deleted a message.": "{nick} ha borrado un mensaje.",
    "deleted": "borrado",
    "{nick} set the topic: {text}": "{nick} ha puesto el tema: {text}",
    "{nick} brought {text} in": "{nick} ha traído a {text}",
    "{nick} took {text} out": "{nick} ha sacado a {text}",
}
