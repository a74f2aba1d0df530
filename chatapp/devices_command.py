"""``chatapp identity link``, ``devices`` and ``revoke``: each device of a person with a key of its own."""

import argparse
import asyncio
import os
import shlex
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from chatapp.client.connect_error import ConnectError
from chatapp.client.devices import DevicesRefused, Owner, link_device, list_devices, revoke_device
from chatapp.client.events import Disconnected
from chatapp.client.identity import Identity, Keyring, canonical_host, write_export
from chatapp.client.known_servers import KnownServers
from chatapp.client.trust import Trust
from chatapp.client.wording import explain_lost
from chatapp.data import data_folder
from chatapp.protocol import limits
from chatapp.protocol.errors import RuleError
from chatapp.protocol.events import DeviceInfo
from chatapp.protocol.identity import fingerprint
from chatapp.protocol.names import check_label
from chatapp.texts import tr
from chatapp.texts.errors import explain, explain_error

_Result = TypeVar("_Result")


class CannotDo(Exception):
    """What stands in the way, in one line for a person."""


def link(keyring: Keyring, options: argparse.Namespace, passphrase: Callable[[], str]) -> list[str]:
    """Make a key for another device, and the file that takes it there; return what to say. Raises CannotDo."""
    owner, file, label = _owner(keyring, options), options.file, _label(options)
    if os.path.lexists(file):
        raise CannotDo(tr("{file} is there already, and is not overwritten. Choose another name.", file=file))
    new = Identity.generate()
    write_export(file, owner.host, owner.port, owner.nick, new, passphrase())
    try:
        _run(owner, link_device(owner, new, label))
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    said = {"file": file, "label": label, "nick": owner.nick}
    there = f"chatapp identity import --host HOST {shlex.quote(str(file))}"
    lost = f"{_command(owner, 'revoke')} {shlex.quote(label)}"
    return [
        tr("{file} lets the device {label} in as {nick}: take it there, and delete it.", **said),
        tr("There: {command}", command=there),
        tr("If that device is lost: {command}", command=lost),
    ]


def devices(keyring: Keyring, options: argparse.Namespace) -> list[str]:
    """Return a line for each device. Raises CannotDo."""
    owner = _owner(keyring, options)
    return [_line(device) for device in _run(owner, list_devices(owner))]


def revoke(keyring: Keyring, options: argparse.Namespace) -> list[str]:
    """Put the device out that `options.device` names, by what it is called or by its fingerprint. Raises CannotDo."""
    owner = _owner(keyring, options)
    found = [one for one in _run(owner, list_devices(owner)) if options.device in (_called(one), fingerprint(one.key))]
    if len(found) != 1:
        said = {"count": len(found), "device": options.device}
        command = _command(owner, "devices")
        raise CannotDo(tr("{count} devices of yours are {device}. See them all: {command}", command=command, **said))
    if found[0].is_this:
        raise CannotDo(tr("That is this device. Revoke it from another one."))
    _run(owner, revoke_device(owner, found[0].key))
    return [tr("The device {label} lets nobody in any more.", label=_called(found[0]))]


def _owner(keyring: Keyring, options: argparse.Namespace) -> Owner:
    key = keyring.key_of(options.host, options.port, options.nick)
    trust = Trust(options.host, options.port, known=KnownServers(data_folder(options.data)))
    return Owner(options.host, options.port, options.nick, key, trust)


def _command(owner: Owner, action: str) -> str:
    """Return what a person types here to do `action` at the same server."""
    host = "" if canonical_host(owner.host) == "localhost" else f" --host {shlex.quote(owner.host)}"
    port = "" if owner.port == limits.PORT else f" --port {owner.port}"
    return f"chatapp identity {action} --nick {owner.nick}{host}{port}"


def _label(options: argparse.Namespace) -> str:
    """Return what the device is called: as its file, unless it is said."""
    try:
        return check_label(options.device or options.file.stem)
    except RuleError as error:
        raise CannotDo(explain_error(error)) from None


def _run(owner: Owner, asking: Coroutine[Any, Any, _Result]) -> _Result:
    try:
        return asyncio.run(asking)
    except ConnectError as error:
        raise CannotDo(explain_lost(Disconnected(error.reason, 0, error.details), owner.host, owner.port)) from None
    except DevicesRefused as refused:
        said = refused.error
        raise CannotDo(explain(said.code, said.detail, said.limit, said.text)) from None


def _called(device: DeviceInfo) -> str:
    return device.label or tr("first")


def _line(device: DeviceInfo) -> str:
    this = tr("(this one)") if device.is_this else ""
    return "  ".join(filter(None, (_called(device), fingerprint(device.key), _since(device.at), this)))


def _since(at: float) -> str:
    """Return the local date of `at`, "" for a time that is not told, or that no calendar has."""
    try:
        return datetime.fromtimestamp(at).strftime("%Y-%m-%d") if at else ""
    except (ValueError, OverflowError, OSError):
        return ""
