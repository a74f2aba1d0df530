"""What the screen says, in Spanish."""

SCREEN: dict[str, str] = {}
