"""Plots as SVG: a few lines over two axes, with nothing to install."""

from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 420, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 36, 48
HEADROOM = 1.25
"""Above the lines stands what they are."""
COLOURS = ("#1f77b4", "#d62728", "#2ca02c")


@dataclass
class Plot:
    """Lines of points (x, y); both axes start at zero."""

    title: str
    x: str
    y: str
    lines: dict[str, Sequence[tuple[float, float]]] = field(default_factory=dict)


def svg(plots: Sequence[Plot], columns: int = 2) -> str:
    """Draw the plots side by side."""
    rows = -(-len(plots) // columns)
    width, height = columns * WIDTH, rows * HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for index, plot in enumerate(plots):
        across, down = (index % columns) * WIDTH, (index // columns) * HEIGHT
        parts += [f'<g transform="translate({across},{down})">', *drawn(plot), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def drawn(plot: Plot) -> list[str]:
    points = [point for line in plot.lines.values() for point in line]
    most = (round_up(max(x for x, _ in points)), round_up(HEADROOM * max(y for _, y in points)))
    parts = [text(WIDTH / 2, 20, plot.title, "middle", 'font-weight="bold"'), *axes(plot, most)]
    for index, (name, line) in enumerate(plot.lines.items()):
        parts += drawn_line(name, line, most, index)
    return parts


def round_up(value: float) -> float:
    """Return the next of 1, 2, 4, 6, 8, 10, 20, … that is not below `value`."""
    step = 1e-9
    while True:
        for factor in (1, 2, 4, 6, 8):
            if step * factor >= value:
                return step * factor
        step *= 10


def place(point: tuple[float, float], most: tuple[float, float]) -> tuple[float, float]:
    x = LEFT + point[0] / most[0] * (WIDTH - LEFT - RIGHT)
    y = HEIGHT - BOTTOM - point[1] / most[1] * (HEIGHT - TOP - BOTTOM)
    return round(x, 1), round(y, 1)


def axes(plot: Plot, most: tuple[float, float]) -> list[str]:
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts = [
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, plot.x, "middle"),
        text(14, middle, plot.y, "middle", f'transform="rotate(-90 14 {middle})"'),
    ]
    for step in range(5):
        x, y = place((most[0] * step / 4, most[1] * step / 4), most)
        parts += [
            f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#ddd"/>',
            text(LEFT - 6, y + 4, label(most[1] * step / 4), "end"),
            text(x, HEIGHT - BOTTOM + 16, label(most[0] * step / 4), "middle"),
        ]
    return parts


def drawn_line(name: str, line: Sequence[tuple[float, float]], most: tuple[float, float], index: int) -> list[str]:
    colour, places = COLOURS[index % len(COLOURS)], [place(point, most) for point in line]
    path = " ".join(f"{x},{y}" for x, y in places)
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places),
        text(LEFT + 10, TOP + 12 + 16 * index, name, "start", f'fill="{colour}"'),
    ]


def label(value: float) -> str:
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    return f"{value / 1e3:g}k" if value >= 1e3 else f"{value:g}"


def text(x: float, y: float, words: str, anchor: str, more: str = "") -> str:
    safe = words.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" {more}>{safe}</text>'
