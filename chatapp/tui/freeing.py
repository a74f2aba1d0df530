"""Memory that Textual would keep of widgets that are gone."""

from functools import lru_cache, partial

from textual._styles_cache import StylesCache

_inner_outer = lru_cache(1024)(partial(StylesCache.get_inner_outer.__wrapped__, StylesCache))


def free_what_was_drawn() -> None:
    """Let the lines drawn of a widget go with it.

    Textual remembers two colours by the object that asked for them, which is what holds the lines of one widget: so
    the lines of the last thousand stay, hundreds of MB after some hours of opening and closing, and the end takes long.
    """
    StylesCache.get_inner_outer = staticmethod(_inner_outer)  # type: ignore[assignment]
