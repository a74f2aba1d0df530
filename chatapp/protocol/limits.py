"""Every number that the protocol sets, in one place."""

PORT = 9000
"""Where a chat listens if nothing else is said."""

LINE_BYTES = 8 * 1024
"""The longest line that a server reads, its line ending not counted; those that it writes may be longer."""

TEXT_BYTES = 4 * 1024
"""The longest message text, as UTF-8."""

NICK_CHARACTERS = 32
ROOM_CHARACTERS = 64
ID_CHARACTERS = 64

HANDSHAKE_SECONDS = 10.0
"""How long a new peer may take until it has a nick."""

GUESSES_AT_ONCE = 5
"""So many wrong passwords or invitations are answered before whoever tries them must wait."""

GUESS_FIRST_SECONDS = 1.0
"""How long the first wait is; each further wrong one doubles it."""

GUESS_MOST_SECONDS = 300.0
"""The longest wait between two tries."""

GUESSES_FORGOTTEN_SECONDS = 900.0
"""Who tried nothing for so long begins anew."""

GUESSES_WAITING = 8
"""So many passwords may wait to be looked at, one after the other."""

SECRET_BYTES = 1024
"""The longest password, as UTF-8."""

INVITE_DAYS = 7
"""How long an invitation can be used if nothing else is said."""

NEWLINE_AFTER_SECONDS = 0.05
"""How long after the four bytes ``NICK`` their newline follows."""

UNFRAMED_AFTER_SECONDS = 0.3
"""Bytes with no newline after them for so long make the peer an unframed one."""

UNFRAMED_PAUSE_SECONDS = 0.05
"""The pause between two writes to an unframed peer, so that each is one read of its own."""

UNFRAMED_READ_BYTES = 1024
"""What an unframed peer takes in one read."""

GREETING_SECONDS = 1.0
"""A client waits so long for the newline after ``NICK``; without, the server has no framing."""

OUTBOX_BYTES = 1024 * 1024
"""What may wait for a peer that reads slowly; beyond, it is dropped."""

ROOMS = 250
"""How many rooms one person may be in."""

CONVERSATIONS = 500
"""With how many people one may have a conversation open."""

TOPIC_CHARACTERS = 250
"""The longest topic of a room."""

REACTIONS = 20
"""How many different emoji one message may have."""

REASON_CHARACTERS = 250
"""The longest reason for which somebody is kicked, banned or muted."""

SANCTIONS = 1000
"""How many bans, and how many mutes, may be in force in one room."""

SANCTION_SECONDS = 3650 * 86_400
"""The longest that one lasts which ends by itself: ten years."""

SLOW_SECONDS = 3600
"""The longest time that may lie between two messages of a person in a slow room."""

COUNTED = 1000
"""What is unread is counted up to so many."""

ROOMS_LISTED = 1000

ROSTER_NICKS = 1024
"""A room with more people is a crowd, until three quarters of so many are left: they are counted, and no longer
listed nor announced one by one."""

PAGE_MESSAGES = 100
"""How many messages a page of history or of search holds if nothing else is asked for."""

PAGE_MOST_MESSAGES = 1000

PAGE_BYTES = 256 * 1024
"""The texts of one page are cut short beyond so many bytes."""

RESUME_MESSAGES = 10_000
"""Whoever missed more than so many is told so, and pages through them."""

QUERY_CHARACTERS = 500

DEVICES = 16
"""With so many keys one person may come in."""

LABEL_CHARACTERS = 32
"""The longest name of a device."""

TYPING_SECONDS = 6.0
"""Who said nothing more of writing for so long is taken to have stopped."""

REQUESTS_PER_SECOND = 10
"""What one person may ask for a second in the long run: a message, a change, a way into a room counts as one."""

REQUESTS_AT_ONCE = 50
"""What one person may ask for at once, after some silence."""

RETRY_SECONDS = 1.0
"""Whoever was refused for asking too often is refused at least so long: what follows at its heels doesn't overtake."""

REFUSED_IN_A_ROW = 1000
"""Whoever asks too often so many times, and is refused each time, is dropped."""

FLOODER_SECONDS = 10.0
"""Whoever was dropped for that is told to come back after so long."""

PAGES_PER_SECOND = 20
"""How many pages of history one person is answered with a second in the long run; a search counts as two of them."""

PAGES_AT_ONCE = 100

ADDRESS_CONNECTIONS = 16
"""How many connections one address may have at once (IPv6: one /64)."""

ADDRESS_NEW_CONNECTIONS = 32
"""How many times one address may connect within NEW_CONNECTIONS_SECONDS."""

NEW_CONNECTIONS_SECONDS = 600.0

CONNECTIONS_A_SHARE = 4
"""One address may ask for as much as one person for every so many connections that it may have."""

PING_SECONDS = 15.0
"""A rich client that has heard nothing for so long asks for a pong."""

SILENCE_SECONDS = 45.0
"""Whoever is silent for so long, though it should answer, is taken for dead."""

PROTOCOL_VERSION = 1
"""The version of the rich dialect, as a hello names it."""
