"""What the errors of the protocol say, in Spanish."""

ERRORS = {
    "That line is over {limit} bytes and was dropped. Send it in shorter ones.": "Esa línea pasa de {limit} bytes "
    "y se ha descartado. Envíala en líneas más cortas.",
    "That was not UTF-8 text and was dropped. Set your terminal or program to UTF-8.": "Eso no era texto UTF-8 "
    "y se ha descartado. Configura tu terminal o programa en UTF-8.",
    "That line is no valid request: {detail}.": "Esa línea no es una petición válida: {detail}.",
    "There is no request of the type {detail}.": "No hay ninguna petición del tipo {detail}.",
    "A nick has 1 to {limit} letters, digits, _ - or . and starts with a letter, digit or _. "
    "Choose one like that.": "Un apodo tiene de 1 a {limit} letras, cifras, _ - o . y empieza por letra, cifra o _. "
    "Elige uno así.",
    "A room is # and then letters, digits, _ - or . with at most {limit} characters in all.": "Una sala es # y "
    "después letras, cifras, _ - o . con {limit} caracteres en total como mucho.",
    "A message id has 1 to {limit} printable ASCII characters and no space.": "El identificador de un mensaje "
    "tiene de 1 a {limit} caracteres ASCII imprimibles y ningún espacio.",
    "That is no key: one is 64 hexadecimal digits, in lower case.": "Eso no es una clave: una tiene 64 cifras hexadecimales, en minúsculas.",
    "There is nothing in that message. Write something.": "Ese mensaje está vacío. Escribe algo.",
    "That message is over {limit} bytes and was not sent. Send it in parts.": "Ese mensaje pasa de {limit} bytes "
    "y no se ha enviado. Envíalo por partes.",
    "A message can't hold the character {detail}. Take it out and send it again.": "Un mensaje no puede llevar el "
    "carácter {detail}. Quítalo y envíalo de nuevo.",
    "There is no emoji called {detail}. Use a name like thumbs_up or heart.": "No hay ningún emoji que se llame {detail}. Usa un nombre como thumbs_up o heart.",
    "There is no such command. Did you mean: {detail}? Type // to start a message with a slash.": "No existe esa "
    "orden. ¿Querías decir: {detail}? Escribe // para empezar un mensaje con una barra.",
    "That command is written like this: {detail}": "Esa orden se escribe así: {detail}",
    "The nick {detail} is reserved. Choose another.": "El apodo {detail} está reservado. Elige otro.",
    "The nick {detail} is taken. Choose another.": "El apodo {detail} ya está en uso. Elige otro.",
    "You are not in {detail}. To go there: /join {detail}": "No estás en {detail}. Para ir allí: /join {detail}",
    "Everyone is in #general. To leave the chat: /quit": "En #general están todos. Para salir del chat: /quit",
    "You are in {limit} rooms, and that is all that one may be in. Leave one first.": "Estás en {limit} salas, y no se puede estar en más. Sal antes de una.",
    "There is nobody called {detail} to be reached. To see who is here: /who": "No hay nadie localizable que se llame {detail}. Para ver quién está: /who",
    "That message is not here, or not any more.": "Ese mensaje no está aquí, o ya no está.",
    "That is only for who wrote the message, or who made the room.": "Eso es solo para quien escribió el mensaje, o quien creó la sala.",
    "A device's name has 1 to {limit} characters that can be seen. Choose one like that.": "El nombre de un dispositivo tiene de 1 a {limit} caracteres visibles. Elige uno así.",
    "This device's key was revoked from another device of yours, and lets nobody in. Link this device anew from that one, or take another nick.": "La clave de este dispositivo se revocó desde otro de los tuyos, y no deja entrar a nadie. Vuelve a enlazarlo desde ese, o usa otro apodo.",
    "That key is somebody's already. Make a new one.": "Esa clave ya es de alguien. Crea una nueva.",
    "You have no other device with that key.": "No tienes otro dispositivo con esa clave.",
    "You have {limit} devices, and that is all that one may have. Revoke one first.": "Tienes {limit} dispositivos, y no se pueden tener más. Revoca antes uno.",
    "Nobody is brought in here. Everyone may /join a public room; for another private one: /private": "Aquí no se trae a nadie. A una sala pública entra cualquiera con /join; para otra privada: /private",
    "That is only for who made this room, or for an operator of the chat.": "Eso es solo para quien creó esta sala, o para un operador del chat.",
    "That is only for an operator of the chat.": "Eso es solo para un operador del chat.",
    "That can't be done to {detail}: nobody does it to an operator, or to themselves.": "Eso no se le puede hacer a {detail}: no se le hace a un operador, ni a uno mismo.",
    "There is nothing of the kind against {detail} here.": "Aquí no hay nada de eso contra {detail}.",
    "There are {limit} of the kind here already. Lift some, or ban a network.": "Aquí ya hay {limit} de ese tipo. Levanta algunos, o veta una red.",
    "That is no network: {detail}. Write one like 192.0.2.0/24, or one address as 192.0.2.7/32.": "Eso no es una red: {detail}. Escríbela como 192.0.2.0/24, o una sola dirección como 192.0.2.7/32.",
    "That time is too long: {limit} seconds at most.": "Ese tiempo es demasiado largo: {limit} segundos como mucho.",
    "A reason is one line of at most {limit} characters. Shorten it.": "Un motivo es una línea de {limit} caracteres como mucho. Acórtalo.",
    "You are banned from this chat.": "Tienes prohibida la entrada a este chat.",
    "You are banned from {detail}.": "Tienes prohibida la entrada a {detail}.",
    "You were taken off this chat.": "Te han expulsado de este chat.",
    "You may not speak here.": "Aquí no puedes hablar.",
    "Here each says one message in {limit} seconds.": "Aquí cada cual dice un mensaje cada {limit} segundos.",
    "The reason: {reason}.": "El motivo: {reason}.",
    "Try again in {time}.": "Inténtalo dentro de {time}.",
    "A topic is one line of at most {limit} characters. Shorten it.": "Un tema es una línea de {limit} caracteres como mucho. Acórtalo.",
    "That message has {limit} different reactions already. Use one of those.": "Ese mensaje ya tiene {limit} reacciones distintas. Usa una de ellas.",
    "That message's id was used before for another text.": "El identificador de ese mensaje ya se usó para otro texto.",
    "The proof that the nick's key is yours was wrong. Connect again.": "La prueba de que la clave del apodo es tuya era incorrecta. Conéctate de nuevo.",
    "This chat has a password. Give it.": "Este chat tiene contraseña. Dala.",
    "That is not the password of this chat. Give it again.": "Esa no es la contraseña de este chat. Dala otra vez.",
    "This chat is for those who are invited. Give the invitation that you got.": "Este chat es para quienes tienen "
    "invitación. Da la que recibiste.",
    "That invitation can't be used: it was used before, is too old or mistyped, or is for another nick than {detail}.": "Esa invitación no sirve: ya se usó, es demasiado antigua, está mal escrita o es para otro apodo que {detail}.",
    "This chat is for those who are invited, and knows them by their keys. Join it with: chatapp join": "Este chat es "
    "para quienes tienen invitación, y los conoce por sus claves. Entra con: chatapp join",
    "Too many tried to come in.": "Demasiados han intentado entrar.",
    "Say hello first: the first request gives your nick.": "Saluda primero: la primera petición da tu apodo.",
    "You said hello already. To change your nick, rename.": "Ya habías saludado. Para cambiar de apodo, usa rename.",
    "This server speaks version {limit} of the protocol. Use a chatapp of the same version.": "Este servidor habla "
    "la versión {limit} del protocolo. Usa un chatapp de esa versión.",
    "No nick within {limit} seconds. Connect again.": "No ha llegado un apodo en {limit} segundos. Conéctate de nuevo.",
    "This port is a chat, not {detail}. Join it with: chatapp join": "Este puerto es un chat, no {detail}. Entra "
    "con: chatapp join",
    "You read too slowly: over {limit} bytes were waiting. Connect again.": "Lees demasiado despacio: esperaban más "
    "de {limit} bytes. Conéctate de nuevo.",
    "The server is shutting down.": "El servidor se apaga.",
    "The server is full: it has its {limit} connections. Try again later.": "El servidor está lleno: tiene sus {limit} conexiones. Inténtalo más tarde.",
    "Your address has {limit} connections here, and that is all that one may have. Close one, or try again in {seconds} s.": "Tu dirección tiene aquí {limit} conexiones, y no puede tener más. Cierra una, o inténtalo de nuevo en {seconds} s.",
    "Your address has connected {limit} times within {minutes} minutes, and that is all that one may. Try again in {seconds} s.": "Tu dirección se ha conectado {limit} veces en {minutes} minutos, y no puede más. Inténtalo de nuevo en {seconds} s.",
    "That was too fast: {limit} a second are taken in the long run. Try again in {seconds} s.": "Eso ha ido demasiado rápido: a la larga se admiten {limit} por segundo. Inténtalo de nuevo en {seconds} s.",
    "That was far too fast: {limit} lines in a row were refused. Connect again in {seconds} s.": "Eso ha ido demasiadísimo rápido: se han rechazado {limit} líneas seguidas. Conéctate de nuevo en {seconds} s.",
    "Over {limit} of your questions wait for their answers. Ask again when those are there.": "Más de {limit} de tus preguntas esperan respuesta. Vuelve a preguntar cuando lleguen.",
    "The server's disk can't take any more, so that was not posted. Try again later.": "El disco del servidor no admite más, así que eso no se ha publicado. Inténtalo más tarde.",
    "The server can't read its log, so there is no answer. Its own messages say why: tell its host.": "El servidor no puede leer su registro, así que no hay respuesta. Sus propios mensajes dicen por qué: avisa a quien lo aloja.",
    'That search makes no sense: {detail}. Search for words, "phrases", prefix* (of two letters or more), from:ana, before:2026-01-31 or after:2026-01-31.': 'Esa búsqueda no tiene sentido: {detail}. Busca palabras, "frases", prefijo* (de dos letras o más), from:ana, before:2026-01-31 o after:2026-01-31.',
    "There is no connection. Try that again when there is.": "No hay conexión. Repítelo cuando la haya.",
    "There are {limit} messages that wait to be sent. Send more when there is a connection.": "Ya hay {limit} mensajes por enviar. Envía más cuando haya conexión.",
    "That was not sent: this machine's disk could not keep it until it arrives ({detail}). Make room there.": "Eso no se ha enviado: el disco de esta máquina no pudo guardarlo hasta que llegue ({detail}). Haz sitio en él.",
    "This server is a simple one that can't do that.": "Este servidor es sencillo y no sabe hacer eso.",
}
