"""What is said of who may come in, in Spanish."""

ENTERING = {
    "{file} can't be read: {reason}. Name another.": "No se puede leer {file}: {reason}. Indica otro.",
    "Others may read {file}. Keep it to yourself: chmod 600 {file}": "Otros pueden leer {file}. Guárdalo para ti: "
    "chmod 600 {file}",
    "that": "eso",
    "There was no password. Give it at a terminal, or by --password-file FILE.": "No ha habido contraseña. Dala en una "
    "terminal, o con --password-file FICHERO.",
    "{file} is not UTF-8 text. Write the password in it, and nothing else.": "{file} no es texto UTF-8. Escribe en él "
    "la contraseña y nada más.",
    "A password is one line of 1 to {limit} bytes; {where} is not.": "Una contraseña es una línea de 1 a {limit} bytes; "
    "{where} no lo es.",
    "This invitation is for {nick}.": "Esta invitación es para {nick}.",
    "This invitation is for one person.": "Esta invitación es para una persona.",
    "It lasts {count} day.": "Vale {count} día.",
    "It lasts {count} days.": "Vale {count} días.",
    "Send it to them by a way that you trust; `chatapp join` asks for it.": "Envíasela por un medio del que te fíes; "
    "`chatapp join` la pide.",
    "The invitations can't be read: {reason}": "No se pueden leer las invitaciones: {reason}",
    "the file with the chat's password, or with an invitation (default: you are asked)": "el fichero con la contraseña "
    "del chat, o con una invitación (si falta: se te pide)",
    "let in whoever knows the password in FILE, which nobody else may read, and those who came before": "dejar entrar a "
    "quien sepa la contraseña de FICHERO, que nadie más puede leer, y a quienes ya entraron",
    "the same, and ask for the password now": "lo mismo, pidiendo ahora la contraseña",
    "let in only those whom `chatapp invite` invites, and those who came before": "dejar entrar solo a quienes invite "
    "`chatapp invite`, y a quienes ya entraron",
    "let in only those from NETWORK, as in 192.0.2.0/24, and this machine; may be given again": "dejar entrar solo "
    "desde RED, como en 192.0.2.0/24, y desde esta máquina; se puede repetir",
    "let in nobody from NETWORK, whatever is allowed; may be given again": "no dejar entrar a nadie desde RED, se "
    "permita lo que se permita; se puede repetir",
    "NETWORK": "RED",
    "invite one person into a chat that this machine hosts": "invitar a una persona a un chat que aloja esta máquina",
    "who may use it (default: whoever is first)": "quién puede usarla (si falta: quien llegue primero)",
    "for how many days (default: {count})": "por cuántos días (si falta: {count})",
    "Password for the chat: ": "Contraseña para el chat: ",
    "Write it to a file, and name that: --password-file FILE": "Escríbela en un fichero e indícalo: "
    "--password-file FICHERO",
    "waiting to be let in": "esperando a que te dejen entrar",
    "nothing of it is shown": "no se muestra nada",
    "The chat at {host}:{port} is for those who are invited, and knows them by their keys.": "El chat de {host}:{port} "
    "es para quienes tienen invitación, y los conoce por sus claves.",
    "The chat at {host}:{port} lets nobody try again so soon. Wait a while.": "El chat de {host}:{port} no deja probar "
    "otra vez tan pronto. Espera un rato.",
    "The chat at {host}:{port} asks for a password, but the network between could read it, so it was not sent. Join by "
    "an encrypted connection.": "El chat de {host}:{port} pide una contraseña, pero la red de en medio podría leerla, "
    "así que no se ha enviado. Entra por una conexión cifrada.",
}
