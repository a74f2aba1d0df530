"""Who is in a room, said to a person."""

from collections.abc import Sequence

from chatapp.texts import tr, tr_plural


def here_are(nicks: Sequence[str], count: int) -> str:
    """Return who is there: `nicks`, and of a crowd of `count` (0 for none) how many more."""
    here = tr("Here are: {nicks}", nicks=", ".join(nicks))
    others = count - len(nicks)
    return here if others <= 0 else f"{here} {tr_plural('and {count} other', 'and {count} others', others)}"
