"""Who looks after the whole chat: those whom its settings name by a key, or by a nick that a key owns."""

from typing import TYPE_CHECKING

from chatapp.protocol import limits
from chatapp.protocol.errors import BadKey, Exempt, NoSuchNick
from chatapp.protocol.identity import check_key
from chatapp.server.people import People
from chatapp.server.services import Services
from chatapp.server.storage.records import GUEST

if TYPE_CHECKING:
    from chatapp.server.session import Session


def is_operator(session: "Session", services: Services) -> bool:
    """Return whether this session proved the key of an operator; a guest never is one."""
    return is_operators(session.account, services)


def is_operators(account: str, services: Services) -> bool:
    """Return whether `account` is an operator's, be it a device of theirs that is named."""
    names = services.settings.operators
    if not names or account.startswith(GUEST):
        return False
    return any(account in (services.devices.person(name), _owner(name, services.people)) for name in names)


def check_exempt(account: str, whom: str, session: "Session", services: Services) -> None:
    """Raises Exempt: nobody takes out, bans or mutes an operator, or themselves."""
    if account == session.account or is_operators(account, services):
        raise Exempt(whom[: limits.NICK_CHARACTERS])


def unowned(names: tuple[str, ...], people: People) -> list[str]:
    """Return those of `names` that are nicks which no key owns: whoever takes one first with a key is an operator."""
    return [name for name in names if _owner(name, people) is None and not _is_key(name)]


def _owner(name: str, people: People) -> str | None:
    try:
        return people.account_of(name)
    except NoSuchNick:
        return None


def _is_key(name: str) -> bool:
    try:
        return bool(check_key(name))
    except BadKey:
        return False
