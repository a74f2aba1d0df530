"""Unicode's pairs of characters that are taken for each other, as nicks."""

from chatapp.protocol.errors import RuleError
from chatapp.protocol.names import check_nick
from chatapp.server.skeletons import confusable_pairs


def allowed_pairs(begin: str = "", end: str = "") -> list[tuple[str, str]]:
    """Return all whose two sides, between `begin` and `end`, are nicks, and not the same one."""
    pairs = ((_nick(f"{begin}{one}{end}"), _nick(f"{begin}{other}{end}")) for one, other in confusable_pairs())
    return [(one, other) for one, other in pairs if one and other and one != other]


def _nick(text: str) -> str:
    try:
        return check_nick(text)
    except RuleError:
        return ""
