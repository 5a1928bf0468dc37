"""Charts that stay clear in grey and on paper: black marks, grey ranges, no colour that means anything."""

import io
import re
import textwrap
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from chalicelib.domain.harmless import as_line
from chalicelib.insight.figures.document import Chart
from tenfour.common.drawing import any_letters, mpl

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
_WIDTH = 7.2
_LONGEST_LINE = 34
"""Letters of a label before it goes on in the next line."""

_MOST_LINES = 3
"""The rest of a longer label is cut: the table below has it whole."""


def draw(chart: Chart) -> str:
    """Return a chart as SVG."""
    drawn = {"dots": _dots, "line": _line, "bars": _bars}[chart.kind]
    chart = replace(chart, labels=tuple(map(as_line, chart.labels)), axis=as_line(chart.axis))
    with mpl.rc_context(_STYLE), any_letters():
        return _svg(drawn(chart))


def _dots(chart: Chart) -> "Figure":
    """Draw a dot on each line, with its interval behind it."""
    labels = ["\n".join(textwrap.wrap(label, _LONGEST_LINE, max_lines=_MOST_LINES)) for label in chart.labels]
    figure, axes = _paper(0.7 + 0.31 * len(labels))
    lowest = min(interval.low for interval in chart.intervals)
    for place, (share, interval) in enumerate(zip(chart.values, chart.intervals, strict=True)):
        axes.plot([interval.low * 100, interval.high * 100], [place, place], color=RANGE, linewidth=6, zorder=2)
        axes.plot(share * 100, place, "o", color=INK, markersize=6, zorder=3)
        beyond = max(interval.high, share) * 100
        axes.annotate(f"{share * 100:.0f}", (beyond, place), (6, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlim(max(0.0, lowest * 100 // 10 * 10 - 5), 104)
    axes.set_xlabel(chart.axis)
    axes.xaxis.grid(visible=True, color=GRID, zorder=0)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return figure


def _line(chart: Chart) -> "Figure":
    """Draw a line over time, with its intervals as a band."""
    figure, axes = _paper(2.7)
    places = range(len(chart.labels))
    lows, highs = ([getattr(one, edge) * 100 for one in chart.intervals] for edge in ("low", "high"))
    axes.fill_between(places, lows, highs, color=RANGE, alpha=0.45, linewidth=0)
    axes.plot(places, [share * 100 for share in chart.values], "o-", color=INK, linewidth=1.6, markersize=5)
    for place in {0, len(chart.labels) - 1}:
        text = f"{chart.values[place] * 100:.0f}"
        axes.annotate(text, (place, highs[place]), (0, 5), textcoords="offset points", ha="center")
    axes.set_xticks(places, chart.labels)
    axes.set_ylim(max(0.0, min(lows) // 10 * 10 - 5), min(104.0, max(highs) // 10 * 10 + 15))
    axes.set_ylabel(chart.axis)
    axes.yaxis.grid(visible=True, color=GRID)
    axes.set_axisbelow(True)
    return figure


def _bars(chart: Chart) -> "Figure":
    """Draw a bar for each count."""
    figure, axes = _paper(2.2)
    axes.bar(range(len(chart.labels)), chart.values, color="#5b636d", width=0.8)
    axes.set_xticks(range(len(chart.labels)), chart.labels)
    axes.set_xlim(-0.7, len(chart.labels) - 0.3)
    axes.set_xlabel(chart.axis)
    axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.grid(visible=True, color=GRID)
    axes.set_axisbelow(True)
    return figure


def _paper(height: float) -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    return figure, figure.add_subplot()


def _svg(figure: "Figure") -> str:
    """Return the figure as SVG that is the same each time, without what only a file needs."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return re.sub(r"^.*?(?=<svg)", "", out.getvalue(), flags=re.DOTALL).strip()
