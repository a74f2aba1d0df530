"""A chat of one's own in the terminal."""

__version__ = "0.1.0"
