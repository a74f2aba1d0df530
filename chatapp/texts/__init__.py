"""Every text that a person reads, in English and Spanish.

The English text in the code is the key; `chatapp.texts.es` holds its translation. Values go in by name, with
`str.format` on the translated text, so that data is never read as a format.
"""

import os
from collections.abc import Mapping

LANGUAGES = ("en", "es")

_catalogue: Mapping[str, str] = {}
_language = "en"


def use_language(language: str) -> None:
    """Speak `language` ("en" or "es") in this process from here on."""
    global _catalogue, _language
    _catalogue = {"en": _english, "es": _spanish}[language]()
    _language = language


def language_in_use() -> str:
    """Return "en" or "es"."""
    return _language


def _english() -> Mapping[str, str]:
    return {}


def _spanish() -> Mapping[str, str]:
    """Return the Spanish texts; who reads English doesn't wait until they are loaded."""
    from chatapp.texts.es import SPANISH

    return SPANISH


def locale_language(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of the locale, in the order that POSIX gives its variables; "en" for all but Spanish."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    chosen = next(filter(None, names), "")
    return "es" if chosen.lower().startswith("es") else "en"


def tr(text: str, /, **values: object) -> str:
    """Return `text` in the language in use, its ``{names}`` filled in with `values`."""
    translated = _catalogue.get(text, text)
    return translated.format(**values) if values else translated


def tr_plural(one: str, many: str, count: int) -> str:
    """Return `one` for a count of 1, else `many`, with ``{count}`` filled in (English and Spanish agree on when)."""
    return tr(one if count == 1 else many, count=count)
