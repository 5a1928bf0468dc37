"""Charts that stay clear in grey and on paper: black marks, grey ranges, no colour that means anything.

Each is drawn for a page and for a phone. Every length is in inches and each label is measured before it is placed, so
that nothing lies upon anything else. Shares are always drawn from 0 to 100, as a cut axis makes much of little.
"""

import io
import re
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from chalicelib.domain.harmless import as_line
from chalicelib.insight.figures.document import Chart
from tenfour.common.drawing import mpl
from tenfour.figures.labels import LINE, evenly, every, readable, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STYLE: dict[Any, Any] = {
    "font.size": 10,
    "font.family": "DejaVu Sans",
    "axes.edgecolor": "#5b636d",
    "axes.labelcolor": "#16191d",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": "#16191d",
    "ytick.color": "#16191d",
    "svg.hashsalt": "tenfour",
    "svg.fonttype": "path",
}
INK, RANGE, GRID = "#16191d", "#9aa3ad", "#dfe3e8"
WIDE, NARROW = 7.2, 3.6
"""The widths of a drawing: of a page, and of a phone."""

_LABELS, _VALUES, _EDGE, _BELOW, _ABOVE = 2.75, 0.45, 0.12, 0.52, 0.08
_SCALE, _OUT = 0.85, 0.28
"""The room for the numbers of a vertical axis, and for the half of the last label that stands out."""

_DOT, _APART = 0.22, 0.1
"""The height of a dot's line, and how far one line is from the next."""

_WHOLE = 100

_range: dict[str, Any] = {"color": RANGE, "linewidth": 6, "solid_capstyle": "butt"}
"""An interval ends where it ends: the usual cap of a line would add a point on either side."""


def draw(chart: Chart, *, narrow: bool = False) -> str:
    """Return a chart as SVG, for a page or for a phone."""
    with mpl.rc_context(_STYLE):
        return _svg(figure_of(chart, narrow=narrow))


def figure_of(chart: Chart, *, narrow: bool) -> "Figure":
    """Return a chart as matplotlib's figure."""
    drawn = {"dots": _dots, "line": _line, "bars": _bars}[chart.kind]
    labels = tuple(readable(as_line(label)) for label in chart.labels)
    chart = replace(chart, labels=labels, axis=readable(as_line(chart.axis)))
    with mpl.rc_context(_STYLE):
        return drawn(chart, NARROW if narrow else WIDE)


def _dots(chart: Chart, width: float) -> "Figure":
    """Draw a dot on each line, with its interval behind it; on a phone each label stands above its line."""
    above = width == NARROW
    left = _EDGE if above else _LABELS + _EDGE
    labels = [wrapped(label, (width if above else _LABELS) - 2 * _EDGE) for label in chart.labels]
    heights = [len(lines) * LINE for lines in labels]
    rooms = [(height + _DOT if above else max(height, _DOT)) + _APART for height in heights]
    figure, axes = _paper(width, sum(rooms), left, _VALUES)
    top = 0.0
    for lines, room, share, interval in zip(labels, rooms, chart.values, chart.intervals, strict=True):
        at = top + room - _APART - _DOT / 2 if above else top + room / 2
        axes.plot([interval.low * _WHOLE, interval.high * _WHOLE], [at, at], **_range, zorder=2)
        axes.plot(share * _WHOLE, at, "o", color=INK, markersize=6, zorder=3)
        axes.annotate(f"{share * _WHOLE:.0f}", (1, at), (6, 0), **_beside, va="center")
        place: dict[str, Any] = {"ha": "left", "va": "top"} if above else {"ha": "right", "va": "center"}
        axes.annotate("\n".join(lines), (0, top if above else at), (0 if above else -8, 0), **_beside, **place)
        top += room
    axes.set_ylim(top, 0)
    axes.set_xlim(0, _WHOLE)
    axes.set_xticks(range(0, _WHOLE + 1, 25))
    axes.set_yticks([])
    axes.set_xlabel(chart.axis)
    axes.xaxis.grid(visible=True, color=GRID, zorder=0)
    axes.spines["left"].set_visible(False)
    return figure


_beside: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "linespacing": 1.15}
"""Text at the edge of the drawing, at the height of a line of it."""


def _line(chart: Chart, width: float) -> "Figure":
    """Draw a line over time, with its intervals as a band; where a month is missing it is broken."""
    figure, axes = _paper(width, 2.1, _SCALE, _OUT)
    for part in _unbroken(chart.places):
        places = [chart.places[at] for at in part]
        lows, highs = ([getattr(chart.intervals[at], edge) * _WHOLE for at in part] for edge in ("low", "high"))
        axes.fill_between(places, lows, highs, color=RANGE, alpha=0.45, linewidth=0)
        if len(part) == 1:
            axes.plot(places * 2, [lows[0], highs[0]], **_range, alpha=0.45)
        axes.plot(places, [chart.values[at] * _WHOLE for at in part], "o-", color=INK, linewidth=1.6, markersize=5)
    last = len(chart.places) - 1
    for at in sorted({0, last}):
        text, high = f"{chart.values[at] * _WHOLE:.0f}", chart.intervals[at].high * _WHOLE
        axes.annotate(text, (chart.places[at], min(high, 92)), (0, 4), textcoords="offset points", ha="center")
    first, span = chart.places[0], chart.places[-1] - chart.places[0] + 1
    shown = every(chart.labels, (width - _SCALE - _OUT) / span)
    axes.set_xticks([chart.places[at] for at in shown], [chart.labels[at] for at in shown])
    axes.set_xlim(first - 0.5, first + span - 0.5)
    axes.set_ylim(0, _WHOLE)
    axes.set_yticks(range(0, _WHOLE + 1, 25))
    axes.set_ylabel(chart.axis)
    axes.yaxis.grid(visible=True, color=GRID)
    axes.set_axisbelow(True)
    return figure


def _unbroken(places: tuple[int, ...]) -> list[list[int]]:
    """Return the positions of months that follow each other, run by run."""
    runs: list[list[int]] = []
    for at, place in enumerate(places):
        if runs and place == places[runs[-1][-1]] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _bars(chart: Chart, width: float) -> "Figure":
    """Draw a bar for each count."""
    figure, axes = _paper(width, 1.6, _SCALE, _OUT)
    axes.bar(range(len(chart.labels)), chart.values, color="#5b636d", width=0.8)
    shown = evenly(chart.labels, (width - _SCALE - _OUT) / len(chart.labels))
    axes.set_xticks(shown, [chart.labels[at] for at in shown])
    axes.set_xlim(-0.7, len(chart.labels) - 0.3)
    axes.set_xlabel(chart.axis)
    ticks = mpl.ticker.MaxNLocator(4, integer=True).tick_values(0, max(1, *chart.values))
    axes.set_yticks(ticks)
    axes.set_ylim(0, ticks[-1])
    axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.grid(visible=True, color=GRID)
    axes.set_axisbelow(True)
    return figure


def _paper(width: float, height: float, left: float, right: float) -> "tuple[Figure, Axes]":
    """Return a drawing of a width, with room for axes of a height and what stands around them."""
    from matplotlib.figure import Figure

    whole = height + _BELOW + _ABOVE
    figure = Figure(figsize=(width, whole))
    return figure, figure.add_axes((left / width, _BELOW / whole, (width - left - right) / width, height / whole))


def _svg(figure: "Figure") -> str:
    """Return the figure as SVG that is the same each time, without what only a file needs."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return re.sub(r"^.*?(?=<svg)", "", out.getvalue(), flags=re.DOTALL).strip()
