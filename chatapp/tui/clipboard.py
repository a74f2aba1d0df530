"""The system's clipboard, beside the terminal's: by the program that the desktop has for it, if it has one."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import Mapping

_OF_DISPLAYS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
)
_NOTHING = asyncio.subprocess.DEVNULL


def program_for(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the program, with its arguments, that takes a text from its standard input; () if there is none."""
    wanted: list[tuple[str, ...]] = [("pbcopy",)] if sys.platform == "darwin" else []
    wanted += [program for display, program in _OF_DISPLAYS if environment.get(display)]
    return next((program for program in wanted if shutil.which(program[0])), ())


async def copy(text: str, program: tuple[str, ...]) -> None:
    """Give `text` to `program`; where that fails, the terminal has the text all the same."""
    with contextlib.suppress(OSError):
        process = await asyncio.create_subprocess_exec(
            *program, stdin=asyncio.subprocess.PIPE, stdout=_NOTHING, stderr=_NOTHING
        )
        await process.communicate(text.encode())
