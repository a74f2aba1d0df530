"""``chatapp serve``: host a chat until told to stop."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from pathlib import Path

from chatapp.crash import report_unawaited
from chatapp.exits import EXIT_FAILED, EXIT_UNAVAILABLE
from chatapp.logs import log_to_stream
from chatapp.protocol import limits
from chatapp.protocol.safe import one_line
from chatapp.secret_file import SecretError, ask_secret, read_secret
from chatapp.server.addresses import outward_address
from chatapp.server.certificate import CertificateError
from chatapp.server.garbage import collect_now_and_then
from chatapp.server.password import Password
from chatapp.server.refusal import explain_certificate, why_not
from chatapp.server.server import Server
from chatapp.server.settings import DEFAULT_HOST, Rates, Settings
from chatapp.server.storage.errors import StoreError
from chatapp.server.tls import PLAIN_ADDRESSES
from chatapp.texts import tr

_log = logging.getLogger(__name__)

_EVERYWHERE = {"0.0.0.0": socket.AF_INET, "::": socket.AF_INET6}
_HERE = PLAIN_ADDRESSES | {"localhost"}


def run_serve(options: argparse.Namespace) -> int:
    """Serve as the command line says; return the exit code."""
    log_to_stream(sys.stderr, options.log_level)
    try:
        settings = _settings(options)
    except SecretError as error:
        print(one_line(str(error)), file=sys.stderr)
        return EXIT_FAILED
    return asyncio.run(_serve_until_told(settings, _lasting_file(options.password_file)))


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        options.host,
        options.port,
        rates=Rates(options.rate, options.per_address),
        data=options.data,
        certificate=options.cert,
        key=options.key,
        insecure=options.insecure,
        keep_days=options.keep,
        keep_messages=options.keep_messages,
        operators=tuple(options.operators),
        nick_expiry_days=options.nick_expiry or None,
        log_addresses=options.log_addresses,
        password=_password(options),
        invite_only=options.invite_only,
        allow=tuple(options.allow),
        deny=tuple(options.deny),
    )


def _password(options: argparse.Namespace) -> Password | None:
    """Return the password to ask for, None for none. Raises SecretError."""
    if options.password_file:
        return Password.of(read_secret(options.password_file))
    return Password.of(_ask_twice()) if options.password else None


def _lasting_file(password_file: Path | None) -> Path | None:
    """Return the file of the password if it can be read again; what a pipe gave is gone."""
    return password_file if password_file and password_file.is_file() else None


def _ask_twice() -> str:
    """Ask until both are the same."""
    while (first := ask_secret(tr("Password for the chat: "))) != ask_secret(tr("The same again: ")):
        print(tr("Those two differ. Try again."), file=sys.stderr)
    return first


async def _serve_until_told(settings: Settings, password_file: Path | None) -> int:
    report_unawaited(asyncio.get_running_loop(), _log.error)
    server = Server(settings)
    try:
        await server.start()
    except (OSError, StoreError, CertificateError) as error:
        print(one_line(why_not(error, settings)), file=sys.stderr)
        return EXIT_UNAVAILABLE
    _stop_on_signals(told := asyncio.Event())
    _reload_on_hangup(server, password_file, told)
    _announce(settings, server)
    collecting = asyncio.create_task(collect_now_and_then(server))
    await server.run_until(told.wait())
    collecting.cancel()
    return 0


def _announce(settings: Settings, server: Server) -> None:
    """Print where the server listens, and what others type; it serves all the same if nobody reads that."""
    host, port = settings.host, server.port
    with contextlib.suppress(OSError):
        print(tr("Listening on {address}. Stop with ctrl+c.", address=f"{host}:{port}"))
        print(tr("Others join with: {command}", command=_join_line(host, port, _means(settings, server))), flush=True)
        if _is_exposed(settings):
            print(
                tr(
                    "Nothing is encrypted: whoever is on the network between can read and change what is said, "
                    "and pass for anybody."
                ),
                flush=True,
            )
        return
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 (until the end: what could not be written is not tried again)


def _stop_on_signals(told: asyncio.Event) -> None:
    """Let the first SIGINT or SIGTERM set `told`, and the next end the process at once."""

    def stop(number: signal.Signals) -> None:
        if told.is_set():
            os._exit(128 + number)
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop, number)


def _reload_on_hangup(server: Server, password_file: Path | None, told: asyncio.Event) -> None:
    """Let SIGHUP read certificate and password anew.

    When it says that this process's terminal is gone, it sets `told` instead. Where it was ignored, as by nohup, the
    server is to outlive its terminal.
    """
    one_by_one, reloading = asyncio.Lock(), set[asyncio.Task[None]]()
    needs_terminal = _has_terminal() and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN

    def reload() -> None:
        if needs_terminal and not _has_terminal():
            told.set()
        else:
            reloading.add(task := asyncio.create_task(_reload(server, password_file, one_by_one)))
            task.add_done_callback(reloading.discard)

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, reload)


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


async def _reload(server: Server, password_file: Path | None, one_by_one: asyncio.Lock) -> None:
    async with one_by_one:
        _reload_certificate(server)
        if password_file:
            await _reload_password(server, password_file)


async def _reload_password(server: Server, file: Path) -> None:
    """Read it in a thread, since to hash it is slow on purpose."""
    try:
        server.change_password(await asyncio.to_thread(lambda: Password.of(read_secret(file))))
    except SecretError as error:
        _log.error(tr("{reason} The one before stays.", reason=one_line(str(error))))
    else:
        _log.info(tr("The password was read anew."))


def _reload_certificate(server: Server) -> None:
    before = server.pin
    try:
        if not server.reload():
            _log.info(tr("There is no certificate to read anew."))
            return
    except CertificateError as error:
        _log.error(tr("{reason} The one before stays.", reason=explain_certificate(error)))
        return
    if server.pin == before:
        _log.info(tr("The certificate was read anew; its key is the same."))
    else:
        _log.warning(
            tr("The certificate was read anew. Its key is another, which others must be told: {pin}", pin=server.pin)
        )


def _means(settings: Settings, server: Server) -> str:
    """Return how others are to know the server; those on this machine need no such thing."""
    if server.pin:
        return f" --pin {server.pin}"
    return " --insecure" if _is_exposed(settings) else ""


def _is_exposed(settings: Settings) -> bool:
    return settings.insecure and settings.host not in _HERE


def _join_line(host: str, port: int, means: str) -> str:
    """Return what others type to join: on this machine, or from another if it listens to those."""
    named = outward_address(_EVERYWHERE[host]) if host in _EVERYWHERE else host
    address = (f" --host {named}" if named != DEFAULT_HOST else "") + (f" --port {port}" if port != limits.PORT else "")
    return f"chatapp join{address}{means} --nick {tr('NAME')}"
