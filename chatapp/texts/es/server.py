"""What the server says to plain peers and to whoever started it, in Spanish."""

SERVER: dict[str, str] = {}
