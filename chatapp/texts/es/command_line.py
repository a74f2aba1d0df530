"""What the command line says, in Spanish."""

COMMAND_LINE: dict[str, str] = {}
