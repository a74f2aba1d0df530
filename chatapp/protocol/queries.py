"""What a search may ask for, as far as both sides of the wire know it."""

import unicodedata


def is_too_short(prefix: str) -> bool:
    """Return whether more words begin with `prefix` than can be found in time: it is one Latin letter or digit.

    What a search doesn't count, accents and signs, doesn't count here either.
    """
    kept = [one for one in unicodedata.normalize("NFKD", prefix) if unicodedata.category(one)[0] in "LN"]
    return len(kept) == 1 and kept[0].isascii()
