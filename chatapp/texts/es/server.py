"""What the server says to plain peers and in its log, in Spanish."""

SERVER = {
    "{nick} is now {to}.": "{nick} se llama ahora {to}.",
    "Here are: {nicks}": "Aquí están: {nicks}",
    "The server is there.": "El servidor está ahí.",
    "{nick} joined ({dialect}).": "{nick} ha entrado ({dialect}).",
    "{nick} left.": "{nick} ha salido.",
    "{nick} is dropped: {error}": "{nick} queda fuera: {error}",
    "say what you do": "di lo que haces",
    "take another nick": "cambia de apodo",
    "list who is here": "muestra quién está aquí",
    "list the commands": "muestra las órdenes",
    "leave the chat (or type salir)": "sal del chat (o escribe salir)",
}
