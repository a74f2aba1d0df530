"""Who says more than the server takes so fast: all of it is said in the end, once, in order, and waits visibly."""

from pathlib import Path

import pytest

from chatapp.client.client import Client
from chatapp.client.events import Disconnected, Reason
from chatapp.client.keepsakes import Keepsakes
from chatapp.client.wording import explain_lost, refusal
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Say
from chatapp.server.settings import Rates
from chatapp.texts import use_language
from tests.client.watching import AN_HOUR, Watch, joined, pauses_of, saying, serving, watched
from tests.server.talking import running

RATES = Rates(per_second=70)
"""350 at once; what was refused is refused for a second, in which 70 more flow back."""


async def test_what_is_refused_is_said_later_once_and_in_order() -> None:
    """Far more than may be said at once is typed; the person is told once that it waits, and all arrives as typed."""
    texts = [str(number) for number in range(390)]
    async with running(rates=RATES) as server, joined(server.port, "ana") as ana, joined(server.port, "eva") as eva:
        for text in texts:
            ana.client.type_line(text)
        refused = await ana.next(Error)
        assert (refused.code, refused.limit) == (Code.TOO_FAST, 70)
        assert ana.client.state.is_slowed
        waiting = [say.text for say in ana.client.state.pending.values()]
        assert waiting == texts[-len(waiting) :]
        assert await eva.texts(390) == texts
        await ana.texts(390 - sum(isinstance(event, Said) for event in ana.seen))
        assert [event.text for event in ana.seen if isinstance(event, Said)] == texts
        assert [event for event in ana.seen if isinstance(event, Error)] == [refused]
        assert (ana.client.state.pending, ana.client.state.unkept, ana.client.state.is_slowed) == ({}, set(), False)


async def test_what_waits_on_disk_is_said_after_a_restart_though_it_is_much(tmp_path: Path) -> None:
    """It goes out some at a time: the server refuses few, and in the end nothing waits any more."""
    texts = [str(number) for number in range(390)]
    async with running(rates=RATES) as server:
        keepsakes = Keepsakes(tmp_path, "127.0.0.1", server.port)
        outbox = keepsakes.outbox("ana")
        for text in texts:
            outbox.add(Say(GENERAL, text, text))
        outbox.close()
        async with Client("127.0.0.1", server.port, "ana", keepsakes=keepsakes, pauses=AN_HOUR) as client:
            assert await Watch(client).texts(390) == texts
            assert client.state.pending == {}
        assert keepsakes.outbox("ana").load() == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (Code.TOO_MANY_CONNECTIONS, Reason.CROWDED),
        (Code.CONNECTING_TOO_OFTEN, Reason.TOO_OFTEN),
        (Code.FLOODING, Reason.FLOODING),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
async def test_who_is_turned_away_comes_back_when_it_may(code: Code, reason: Reason, language: str) -> None:
    """The next try is no sooner than the server said; the person is told why in either language."""
    use_language(language)
    line = b'{"type":"error","code":"%s","text":"no","retry_after":77.5}\n' % code.encode()
    async with serving(saying(line)) as port, watched(port, "ana", pauses=pauses_of(0.01)) as ana:
        event = await ana.next(Disconnected)
    assert (event.reason, event.retry_in) == (reason, 77.5)
    assert f"127.0.0.1:{port}" in explain_lost(Disconnected(reason, 0), "127.0.0.1", port)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "“hola” and what follows wait a little: the server takes 10 a second in the long run. "),
        ("es", "“hola” y lo que sigue esperan un poco: el servidor admite a la larga 10 por segundo. "),
    ],
)
def test_what_waits_is_explained(language: str, text: str) -> None:
    """That a message waits, and goes out by itself."""
    use_language(language)
    error = Error(Code.TOO_FAST, "", "1", "say", 10, 1.0)
    assert refusal(error, Say(GENERAL, "hola", "1")).startswith(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "That was too fast: 10 a second are taken in the long run. Try again in 2 s."),
        ("es", "Eso ha ido demasiado rápido: a la larga se admiten 10 por segundo. Inténtalo de nuevo en 2 s."),
    ],
)
def test_what_does_not_go_out_by_itself_is_explained(language: str, text: str) -> None:
    """For all but messages the person reads the limit, and in how many seconds to try again."""
    use_language(language)
    assert refusal(Error(Code.TOO_FAST, "", "", "edit", 10, 1.2), None) == text
