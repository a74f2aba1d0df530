"""What a command line may say, and what of it is wrong."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from chatapp import __version__
from chatapp.data import default_folder
from chatapp.exits import EXIT_USAGE
from chatapp.preferences.file import PreferencesFile, preferences_path
from chatapp.preferences.table import AUTO
from chatapp.protocol import limits
from chatapp.protocol.errors import RuleError
from chatapp.protocol.identity import check_key
from chatapp.protocol.names import check_nick
from chatapp.protocol.pins import check_pin
from chatapp.protocol.safe import one_line
from chatapp.server.settings import DEFAULT_HOST, NICK_EXPIRY_DAYS
from chatapp.texts import LANGUAGES, locale_language, tr
from chatapp.texts.errors import explain_error

_MOST_DIGITS = 9
_LOG_LEVELS = ("debug", "info", "warning", "error")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        line = one_line(f"{self.prog}: {message}. {tr('See `{prog} --help`.', prog=self.prog)}")
        self.exit(EXIT_USAGE, f"{line}\n")


def language_of(arguments: Sequence[str]) -> str:
    """Find the language before anything is said: what `--lang` names, else what is preferred, else the locale's."""
    early = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    early.add_argument("--lang", choices=LANGUAGES)
    early.add_argument("--data", type=_folder)
    try:
        options = early.parse_known_args(arguments)[0]
    except argparse.ArgumentError:
        return locale_language()
    preferred = PreferencesFile(preferences_path(options.data)).load()[0].language
    return options.lang or (locale_language() if preferred == AUTO else preferred)


def parser_for(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Return what reads `arguments`; of the commands, only one that may be in there has its own ones."""
    parser = _Parser("chatapp", description=tr("A chat of one's own in the terminal."))
    parser.add_argument("--version", action="version", version=f"chatapp {__version__}", help=tr("show the version"))
    commands = parser.add_subparsers(dest="command", metavar=tr("COMMAND"))
    for name, help_text, add_arguments in (
        ("serve", tr("host a chat"), _add_serve),
        ("join", tr("join a chat, and host it if none is running on this machine"), _add_join),
        ("identity", tr("look at the keys that your nicks belong to, or take them to another device"), _add_identity),
        ("db", tr("look after the log of a server on this machine"), _add_db),
        ("invite", tr("invite one person into a chat that this machine hosts"), _add_invite),
    ):
        command = commands.add_parser(name, help=help_text, description=help_text)
        if name in arguments:
            add_arguments(command)
    return parser


def _add_serve(serve: _Parser) -> None:
    _add_address(serve, DEFAULT_HOST, tr("the address to listen on (default: 127.0.0.1, this machine only)"))
    serve.add_argument(
        "--log-level",
        choices=_LOG_LEVELS,
        default="info",
        help=tr("how much to log to stderr (default: info)"),
    )
    _add_certificate(serve)
    operator_help = tr("somebody who looks after the chat, by a key or by a nick with a key; may be given again")
    serve.add_argument(
        "--operator",
        type=_operator,
        action="append",
        default=[],
        metavar=tr("KEY_OR_NICK"),
        dest="operators",
        help=operator_help,
    )
    addresses_help = tr("log from which address somebody comes (default: no addresses)")
    serve.add_argument("--log-addresses", action="store_true", help=addresses_help)
    _add_entrance(serve)
    _add_data(serve)
    keep_help = tr("let go of messages older than so many days (default: keep all)")
    serve.add_argument("--keep", type=_count, metavar=tr("DAYS"), help=keep_help)
    keep_messages_help = tr("let go of all but the newest so many messages (default: keep all)")
    serve.add_argument("--keep-messages", type=_count, metavar=tr("NUMBER"), help=keep_messages_help)
    expiry_help = tr(
        "free nicks that their owners were not here by for so many days; 0: never (default: {days})",
        days=NICK_EXPIRY_DAYS,
    )
    serve.add_argument("--nick-expiry", type=_days, default=NICK_EXPIRY_DAYS, metavar=tr("DAYS"), help=expiry_help)
    _add_limits(serve)


def _add_limits(serve: _Parser) -> None:
    rate_help = tr(
        "how many messages a second each person may send in the long run, or `none` for any number (default: {count})",
        count=limits.REQUESTS_PER_SECOND,
    )
    serve.add_argument("--rate", type=_rate, default=limits.REQUESTS_PER_SECOND, metavar=tr("NUMBER"), help=rate_help)
    per_address_help = tr(
        "how many connections each address may have, twice as many new ones in 10 minutes; raise it for people behind "
        "one router (default: {count})",
        count=limits.ADDRESS_CONNECTIONS,
    )
    most = limits.ADDRESS_CONNECTIONS
    serve.add_argument("--per-address", type=_count, default=most, metavar=tr("NUMBER"), help=per_address_help)


def _add_join(join: _Parser) -> None:
    _add_address(join, None, tr("the machine that hosts the chat (default: this one)"))
    join.add_argument(
        "--nick",
        type=_nick,
        metavar=tr("NAME"),
        help=tr("who to be (default: the setting's; without one, you are asked)"),
    )
    shown = join.add_mutually_exclusive_group()
    typing_help = tr("let others see that you are writing (default: the setting's, at first off)")
    shown.add_argument("--show-typing", action="store_true", help=typing_help)
    plain_help = tr("chat line by line: for screen readers, simple terminals and pipes")
    shown.add_argument("--plain-ui", action="store_true", help=plain_help)
    _add_trust(join)
    password_help = tr("the file with the chat's password, or with an invitation (default: you are asked)")
    join.add_argument("--password-file", type=_folder, metavar=tr("FILE"), help=password_help)
    _add_data(join)


def _add_certificate(serve: _Parser) -> None:
    cert_help = tr("the certificate to show, as PEM (default: one that is made here, for other machines)")
    means = serve.add_mutually_exclusive_group()
    means.add_argument("--cert", type=_folder, metavar=tr("FILE"), help=cert_help)
    insecure_help = tr("talk to other machines without encryption: the network between can read and change it all")
    means.add_argument("--insecure", action="store_true", help=insecure_help)
    key_help = tr("the certificate's key, as PEM (default: it is in the same file)")
    serve.add_argument("--key", type=_folder, metavar=tr("FILE"), help=key_help)


def _add_trust(join: _Parser) -> None:
    means = join.add_mutually_exclusive_group()
    pin_help = tr("the server's key, as `chatapp serve` prints it (default: the one it had the first time)")
    means.add_argument("--pin", type=_pin, metavar="PIN", help=pin_help)
    ca_help = tr("check the server's certificate, by those in FILE or, with `system`, those that this machine trusts")
    means.add_argument("--ca", metavar=tr("FILE"), help=ca_help)
    insecure_help = tr("talk to another machine without encryption, though the network between can read and change it")
    means.add_argument("--insecure", action="store_true", help=insecure_help)


def _add_entrance(serve: _Parser) -> None:
    means = serve.add_mutually_exclusive_group()
    file_help = tr("let in whoever knows the password in FILE, which nobody else may read, and those who came before")
    means.add_argument("--password-file", type=_folder, metavar=tr("FILE"), help=file_help)
    means.add_argument("--password", action="store_true", help=tr("the same, and ask for the password now"))
    invite_help = tr("let in only those whom `chatapp invite` invites, and those who came before")
    means.add_argument("--invite-only", action="store_true", help=invite_help)
    for name, help_text in (
        ("allow", tr("let in only those from NETWORK, as in 192.0.2.0/24, and this machine; may be given again")),
        ("deny", tr("let in nobody from NETWORK, whatever is allowed; may be given again")),
    ):
        serve.add_argument(
            f"--{name}", type=_network, action="append", default=[], metavar=tr("NETWORK"), help=help_text
        )


def _add_identity(identity: _Parser) -> None:
    actions = identity.add_subparsers(dest="action", metavar=tr("COMMAND"), required=True)
    _add_action(actions, "list", tr("list the keys"))
    _add_choice(_add_action(actions, "show", tr("show all about the keys, or about those chosen")), None, None)
    export = _add_action(actions, "export", tr("copy a key to a file, for another device"))
    _add_choice(export, DEFAULT_HOST, limits.PORT, nick_required=True)
    export.add_argument("file", type=Path, metavar=tr("FILE"), help=tr("the file to make"))
    take_in = _add_action(actions, "import", tr("take in a key that `export` wrote on another device"))
    _add_server(take_in, None, None)
    take_in.add_argument("file", type=Path, metavar=tr("FILE"), help=tr("the file to read"))
    _add_devices(actions)


def _add_devices(actions: "argparse._SubParsersAction[_Parser]") -> None:
    link = _add_action(actions, "link", tr("make a key for another device of yours, which can be revoked alone"))
    _add_choice(link, DEFAULT_HOST, limits.PORT, nick_required=True)
    called_help = tr("what to call that device (default: as the file)")
    link.add_argument("--device", metavar=tr("NAME"), help=called_help)
    link.add_argument("file", type=Path, metavar=tr("FILE"), help=tr("the file to make"))
    devices = _add_action(actions, "devices", tr("list the devices that are you"))
    _add_choice(devices, DEFAULT_HOST, limits.PORT, nick_required=True)
    revoke = _add_action(actions, "revoke", tr("let a device that is lost be you no more"))
    _add_choice(revoke, DEFAULT_HOST, limits.PORT, nick_required=True)
    revoke.add_argument("device", metavar=tr("DEVICE"), help=tr("its name or its fingerprint, as `devices` lists them"))


def _add_db(db: _Parser) -> None:
    actions = db.add_subparsers(dest="action", metavar=tr("COMMAND"), required=True)
    check = _add_action(actions, "check", tr("read all of it, and say what is wrong"))
    backup = _add_action(actions, "backup", tr("copy it to a file, also while the server runs"))
    backup.add_argument("file", type=Path, metavar=tr("FILE"), help=tr("the file to make"))
    recover = _add_action(actions, "recover", tr("save what can be read of a damaged log, beside it"))
    recover.add_argument("file", type=Path, metavar=tr("FILE"), help=tr("the damaged file"))
    audit = _add_action(actions, "audit", tr("list what those who moderate did, the newest last"))
    audit.add_argument("--limit", type=_count, default=limits.PAGE_MESSAGES, metavar=tr("NUMBER"), help=tr("how many"))
    for action in (check, backup, audit):
        action.add_argument("--port", type=_port, default=limits.PORT, metavar="PORT", help=tr("the server's port"))


def _add_invite(invite: _Parser) -> None:
    nick_help = tr("who may use it (default: whoever is first)")
    invite.add_argument("--for", dest="nick", type=_nick, metavar=tr("NAME"), help=nick_help)
    days_help = tr("for how many days (default: {count})", count=limits.INVITE_DAYS)
    invite.add_argument("--days", type=_count, default=limits.INVITE_DAYS, metavar=tr("NUMBER"), help=days_help)
    invite.add_argument("--port", type=_port, default=limits.PORT, metavar="PORT", help=tr("the server's port"))
    _add_data(invite)
    invite.add_argument("--lang", choices=LANGUAGES, help=tr("the language (default: the setting's, or the locale's)"))


def _add_action(actions: "argparse._SubParsersAction[_Parser]", name: str, help_text: str) -> _Parser:
    action = actions.add_parser(name, help=help_text, description=help_text)
    _add_data(action)
    action.add_argument("--lang", choices=LANGUAGES, help=tr("the language (default: the setting's, or the locale's)"))
    return action


def _add_choice(parser: _Parser, host: str | None, port: int | None, nick_required: bool = False) -> None:
    parser.add_argument("--nick", type=_nick, metavar=tr("NAME"), required=nick_required, help=tr("whose key"))
    _add_server(parser, host, port)


def _add_server(parser: _Parser, host: str | None, port: int | None) -> None:
    parser.add_argument("--host", default=host, metavar="HOST", help=tr("the server that the key is for"))
    parser.add_argument("--port", type=_port, default=port, metavar="PORT", help=tr("the server's port"))


def _add_data(parser: argparse.ArgumentParser) -> None:
    folder = str(default_folder()).replace("%", "%%")
    data_help = tr("the folder for what is to last (default: {folder})", folder=folder)
    parser.add_argument("--data", type=_folder, metavar=tr("DIR"), help=data_help)


def _add_address(parser: argparse.ArgumentParser, host: str | None, host_help: str) -> None:
    parser.add_argument("--host", type=_host, default=host, metavar="HOST", help=host_help)
    port_help = tr("the port (default: {port})", port=limits.PORT)
    parser.add_argument("--port", type=_port, default=limits.PORT, metavar="PORT", help=port_help)
    parser.add_argument("--lang", choices=LANGUAGES, help=tr("the language (default: the setting's, or the locale's)"))


def _host(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError(tr("a host is a name or an address, not nothing"))
    return text


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:_MOST_DIGITS]) > 0):
        raise argparse.ArgumentTypeError(tr("that is a whole number from 1, not {text}", text=ascii(text[:20])))
    return int(text[:_MOST_DIGITS])


def _days(text: str) -> int:
    return 0 if text == "0" else _count(text)


def _rate(text: str) -> int | None:
    return None if text == "none" else _count(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:_MOST_DIGITS]) < 65536):
        raise argparse.ArgumentTypeError(tr("a port is a number from 1 to 65535, not {port}", port=ascii(text[:20])))
    return int(text)


def _pin(text: str) -> str:
    try:
        return check_pin(text)
    except ValueError:
        problem = tr("a pin is sha256: and 43 characters, not {text}", text=ascii(text[:60]))
        raise argparse.ArgumentTypeError(problem) from None


def _folder(text: str) -> Path:
    return Path(os.path.expanduser(text))


def _nick(text: str) -> str:
    try:
        return check_nick(text)
    except RuleError as error:
        raise argparse.ArgumentTypeError(explain_error(error).removesuffix(".")) from None


def _operator(text: str) -> str:
    """Read a key, or else a nick."""
    try:
        return check_key(text.lower())
    except RuleError:
        return _nick(text)


def _network(text: str) -> str:
    from chatapp.server.networks import read_network

    try:
        read_network(text)
    except RuleError as error:
        raise argparse.ArgumentTypeError(explain_error(error).removesuffix(".")) from None
    return text
