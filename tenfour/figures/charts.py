"""Charts that stay clear in grey and on paper: black marks, grey ranges, no colour that means anything."""

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from chalicelib.insight.figures.statistics import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

mpl.use("svg")
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


def dots(labels: Sequence[str], shares: Sequence[float], intervals: Sequence[Interval], axis: str) -> str:
    """Return an SVG with a dot a line and its interval behind it; shares are of 1."""
    with mpl.rc_context(_STYLE):
        figure, axes = _paper(0.7 + 0.31 * len(labels))
        lowest = min(interval.low for interval in intervals)
        for place, (share, interval) in enumerate(zip(shares, intervals, strict=True)):
            axes.plot([interval.low * 100, interval.high * 100], [place, place], color=RANGE, linewidth=6, zorder=2)
            axes.plot(share * 100, place, "o", color=INK, markersize=6, zorder=3)
            beyond = max(interval.high, share) * 100
            axes.annotate(f"{share * 100:.0f}", (beyond, place), (6, 0), textcoords="offset points", va="center")
        axes.set_yticks(range(len(labels)), labels)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.set_xlim(max(0.0, lowest * 100 // 10 * 10 - 5), 104)
        axes.set_xlabel(axis)
        axes.xaxis.grid(visible=True, color=GRID, zorder=0)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        return _svg(figure)


def line(labels: Sequence[str], shares: Sequence[float], intervals: Sequence[Interval], axis: str) -> str:
    """Return an SVG with a line over time and its interval as a band; shares are of 1."""
    with mpl.rc_context(_STYLE):
        figure, axes = _paper(2.7)
        places = range(len(labels))
        lows, highs = ([getattr(one, edge) * 100 for one in intervals] for edge in ("low", "high"))
        axes.fill_between(places, lows, highs, color=RANGE, alpha=0.45, linewidth=0)
        axes.plot(places, [share * 100 for share in shares], "o-", color=INK, linewidth=1.6, markersize=5)
        for place in {0, len(labels) - 1}:
            text = f"{shares[place] * 100:.0f}"
            axes.annotate(text, (place, highs[place]), (0, 5), textcoords="offset points", ha="center")
        axes.set_xticks(places, labels)
        axes.set_ylim(max(0.0, min(lows) // 10 * 10 - 5), min(104.0, max(highs) // 10 * 10 + 15))
        axes.set_ylabel(axis)
        axes.yaxis.grid(visible=True, color=GRID)
        axes.set_axisbelow(True)
        return _svg(figure)


def bars(labels: Sequence[str], counts: Sequence[int], axis: str) -> str:
    """Return an SVG with a bar for each count."""
    with mpl.rc_context(_STYLE):
        figure, axes = _paper(2.2)
        axes.bar(range(len(labels)), counts, color="#5b636d", width=0.8)
        axes.set_xticks(range(len(labels)), labels)
        axes.set_xlim(-0.7, len(labels) - 0.3)
        axes.set_xlabel(axis)
        axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axes.yaxis.grid(visible=True, color=GRID)
        axes.set_axisbelow(True)
        return _svg(figure)


def _paper(height: float) -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    return figure, figure.add_subplot()


def _svg(figure: "Figure") -> str:
    """Return the figure as SVG that is the same each time, without what only a file needs."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return re.sub(r"^.*?(?=<svg)", "", out.getvalue(), flags=re.DOTALL).strip()
