"""That there is no connection, on the way to whoever asked for one."""

from collections.abc import Mapping

from chatapp.client.events import NO_DETAILS, Reason


class ConnectError(Exception):
    """No connection could be made, for `reason`; `details` are what the text for it names."""

    def __init__(self, reason: Reason, details: Mapping[str, str] = NO_DETAILS) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details
