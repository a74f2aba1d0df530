"""The name that this software gives itself on the wire."""

from chatapp import __version__

SOFTWARE = f"chatapp {__version__}"
