"""A person's devices, each with a key of its own: one lets another in, and puts it out for good."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from chatapp.protocol import limits
from chatapp.protocol.errors import BadProof, KeyRevoked, KeyTaken, NoSuchDevice, TooManyDevices
from chatapp.protocol.events import DeviceInfo, DeviceList
from chatapp.protocol.identity import check_key, fingerprint, link_proof
from chatapp.protocol.names import check_label
from chatapp.protocol.requests import Devices, LinkDevice, RevokeDevice
from chatapp.server.bus import Answering, Noting
from chatapp.server.proofs import verify
from chatapp.server.storage.records import Device, Linking, Revoking

if TYPE_CHECKING:
    from chatapp.server.services import Services
    from chatapp.server.session import Session


class DeviceKeys:
    """Whose each key is. An account is named by its first key for good, also when that one lets nobody in any more.

    It is ahead of the log by what is on its way there: `known` is what the log has at the start.
    """

    def __init__(self, known: Mapping[str, Device]) -> None:
        self._known = dict(known)
        self._keys: dict[str, dict[str, None]] = {}
        """Of each account those beside the first, in their order."""
        for key, device in known.items():
            self._keys.setdefault(device.account, {})[key] = None

    def account_of(self, key: str) -> str:
        """Return whose `key` is: itself, if nobody said otherwise. Raises KeyRevoked."""
        device = self._known.get(key)
        if device is not None and device.is_revoked:
            raise KeyRevoked
        return device.account if device else key

    def person(self, key: str) -> str:
        """Return whose `key` is or was: itself, if nobody said otherwise."""
        device = self._known.get(key)
        return device.account if device else key

    def key_of(self, shown: str) -> str | None:
        """Return the key that is shown as `shown`, of those that were linked."""
        return next((key for key in self._known if fingerprint(key) == shown), None)

    def is_known(self, key: str) -> bool:
        """Return whether `key` is somebody's device, or was, or has others beside it."""
        return key in self._known or key in self._keys

    def of(self, account: str) -> dict[str, Device]:
        """Return the keys that let somebody in as `account`."""
        keys = (account, *(key for key in self._keys.get(account, ()) if key != account))
        devices = {key: self._known.get(key, Device(account)) for key in keys}
        return {key: device for key, device in devices.items() if not device.is_revoked}

    def link(self, linking: Linking) -> None:
        self._known[linking.key] = Device(linking.account, linking.label, linking.at)
        self._keys.setdefault(linking.account, {})[linking.key] = None

    def revoke(self, revoking: Revoking) -> None:
        before = self._known.get(revoking.key, Device(revoking.account))
        self._known[revoking.key] = Device(before.account, before.label, before.at, is_revoked=True)


def link_device(request: LinkDevice, session: "Session", services: "Services", _nick: str) -> None:
    """Let another key be the session's person too, which that key has signed.

    Raises BadKey, BadLabel, BadProof, KeyTaken or TooManyDevices.
    """
    check_key(request.key)
    linking = Linking(request.key, session.account, check_label(request.label), services.settings.clock())
    if not verify(request.key, request.signature, link_proof(services.log, session.key, request.key)):
        raise BadProof
    if services.devices.is_known(request.key) or services.people.knows(request.key):
        raise KeyTaken
    if len(services.devices.of(session.account)) >= limits.DEVICES:
        raise TooManyDevices(limit=limits.DEVICES)
    services.devices.link(linking)
    services.bus.publish(Noting(linking))
    _answer(session, services)


def revoke_device(request: RevokeDevice, session: "Session", services: "Services", _nick: str) -> None:
    """Put another device of the session's person out, at once and for good. Raises NoSuchDevice."""
    if request.key == session.key or request.key not in services.devices.of(session.account):
        raise NoSuchDevice
    revoking = Revoking(request.key, session.account, services.settings.clock())
    services.devices.revoke(revoking)
    services.bus.publish(Noting(revoking))
    for one in services.people.sessions_of(session.account):
        if one.key == request.key:
            one.dismiss(KeyRevoked())
    _answer(session, services)


def list_devices(_request: Devices, session: "Session", services: "Services", _nick: str) -> None:
    _answer(session, services)


def _answer(session: "Session", services: "Services") -> None:
    devices = [
        DeviceInfo(key, device.label, device.at, key == session.key)
        for key, device in services.devices.of(session.account).items()
    ]
    services.bus.publish(Answering(session, DeviceList(devices)))
