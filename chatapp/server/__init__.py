"""One process that serves a chat: bytes in, requests onto the bus, events out of the relay."""
