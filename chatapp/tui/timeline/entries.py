"""What stands in the timeline."""

from enum import Enum

import msgspec
from msgspec.structs import astuple, force_setattr, replace
from textual.style import Style

from chatapp.protocol.safe import one_line, printable
from chatapp.tui.timeline.details import PLAIN, Details
from chatapp.tui.timeline.markup import Block, Mark, Part, blocks_of, may_have_markup


class Kind(Enum):
    """What an entry is; the value is its mark in the nick's column."""

    TEXT = ""
    ACTION = "*"
    NOTICE = "·"
    JOINED = "→"
    LEFT = "←"
    ERROR = "!"
    RULE = "—"
    """A line of its own, in the middle between its marks: a new day, or that nothing is older."""


class Entry(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One thing said or noticed, at a time in seconds since 1970. Its strings are made safe here."""

    kind: Kind
    text: str
    at: float
    nick: str = ""
    is_own: bool = False
    seq: int = 0
    """A message's number in the log, 0 for what is no message."""
    details: Details = PLAIN
    _blocks: tuple[Block, ...] | None = ()
    """None until somebody asks for them, where there may be any."""

    def __post_init__(self) -> None:
        if (text := printable(self.text)) is not self.text:
            force_setattr(self, "text", text)
        if (nick := one_line(self.nick)) is not self.nick:
            force_setattr(self, "nick", nick)
        if self.details.note or (self.kind in (Kind.TEXT, Kind.ACTION) and may_have_markup(text)):
            force_setattr(self, "_blocks", None)
        elif self._blocks != ():  # of the entry that this one stands for
            force_setattr(self, "_blocks", ())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and self._made_of == other._made_of

    def __hash__(self) -> int:
        return hash(self._made_of)

    @property
    def _made_of(self) -> tuple[object, ...]:
        """What makes it this one: all but the blocks, which are what the text says."""
        return astuple(self)[:-1]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of a message with markup; none if its text is shown as it was typed."""
        if self._blocks is None:
            blocks = blocks_of(self.text)
            force_setattr(self, "_blocks", _with_note(blocks, self.text, self.details.note))
        return self._blocks or ()

    @property
    def shown(self) -> str:
        """The text as it is shown: without what marks it up, and without the note behind it."""
        text = "\n".join(block.text for block in self.blocks) if self.blocks else self.text
        return text[: -len(self.details.note) - 1] if self.details.note else text

    @property
    def is_talk(self) -> bool:
        """Whether it is a message of somebody's that is still there: one may answer it, react to it and the like."""
        return self.seq != 0 and self.kind in (Kind.TEXT, Kind.ACTION) and not self.details.is_deleted

    @property
    def links(self) -> list[str]:
        """Where the links of its text lead, in their order."""
        return [mark.target for block in self.blocks for mark in block.marks if mark.target]

    def continues(self, before: "Entry | None") -> bool:
        """Return whether the same person goes on speaking within the minute, so that time and nick are known."""
        return (
            before is not None
            and not self.details.reply
            and self.kind is before.kind is Kind.TEXT
            and (self.nick, self.at // 60) == (before.nick, before.at // 60)
        )


NO_STYLE = Style()


class Look(msgspec.Struct, frozen=True):
    """The styles of the timeline's parts."""

    time: Style
    notice: Style
    error: Style
    mention: Style = NO_STYLE
    """Of the bar beside what mentions one, and of the line before what is unread."""


def _with_note(blocks: tuple[Block, ...], text: str, note: str) -> tuple[Block, ...]:
    """Return `blocks`, or if there are none `text` in one, with `note` behind it, if there is one."""
    if not note:
        return blocks
    *before, last = blocks or (Block(text),)
    if last.quotes or last.language is not None:
        return (*before, last, _dimmed(Block(note), 0))
    return (*before, _dimmed(Block(f"{last.text} {note}", last.marks), len(last.text)))


def _dimmed(block: Block, start: int) -> Block:
    """Return `block` with all from `start` on as what is not said by who wrote it."""
    return replace(block, marks=(*block.marks, Mark(start, len(block.text), Part.NOTE)))
