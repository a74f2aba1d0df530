"""The Spanish texts, by their English ones; one module for each part that speaks."""

from chatapp.texts.es.command_line import COMMAND_LINE
from chatapp.texts.es.commands import COMMANDS
from chatapp.texts.es.entering import ENTERING
from chatapp.texts.es.errors import ERRORS
from chatapp.texts.es.plain_ui import PLAIN_UI
from chatapp.texts.es.preferences import PREFERENCES
from chatapp.texts.es.screen import SCREEN
from chatapp.texts.es.security import SECURITY
from chatapp.texts.es.server import SERVER

SPANISH: dict[str, str] = {
    **ERRORS,
    **SERVER,
    **SCREEN,
    **PLAIN_UI,
    **PREFERENCES,
    **COMMANDS,
    **COMMAND_LINE,
    **SECURITY,
    **ENTERING,
}
