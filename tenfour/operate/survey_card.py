"""A card for people whose phone is not known: drawn once, printed as one picture (SVG) and as a sheet to cut (PDF).

matplotlib draws both from one drawing and brings its fonts, so a card looks the same wherever it is made. Eight cards
fill a letter sheet, so that three cuts across and one down are all the work. Lengths are in inches.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath

from chalicelib.domain.harmless import as_line
from chalicelib.insight.surveys.cards import LANGUAGES, Printed, ending, said
from chalicelib.insight.surveys.square_code import dark_runs
from tenfour.common.drawing import any_letters, mpl

CARD = (4.25, 2.75)
SHEET = (8.5, 11.0)
_MARGIN = 0.22
_CODE = 1.38
"""A code's side. The margins around it are wider than the four white modules that readers need (ISO/IEC 18004)."""

_FOOT = 0.56
"""The height of the three lines at the foot."""

_LEADING = 1.28 / 72
"""From one line to the next: so many inches a point of the letters' size."""

_TITLE, _BIG, _TEXT, _SMALL = 11, 11.5, 8, 7.5
"""Sizes of letters, in points."""

_INK = "#111111"
_OVERLAP = 0.04
"""So much of a module rows overlap, or viewers show white hairs between them."""


def write_svg(printed: Printed, path: Path) -> None:
    """Write one card as a picture."""
    figure = _figure(CARD)
    _card(figure, printed, 0, 0)
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "tenfour"}), any_letters():
        figure.savefig(path, format="svg", metadata={"Title": as_line(printed.agency_name), "Date": None})


def write_pdf(printed: Printed, path: Path) -> None:
    """Write a sheet of eight cards, with the lines to cut along."""
    figure = _figure(SHEET)
    across, down = int(SHEET[0] / CARD[0]), int(SHEET[1] / CARD[1])
    for column in range(across):
        for row in range(down):
            _card(figure, printed, column * CARD[0], row * CARD[1])
    for column in range(1, across):
        figure.axes[0].axvline(column * CARD[0], color="#bbbbbb", linewidth=0.5)
    for row in range(1, down):
        figure.axes[0].axhline(row * CARD[1], color="#bbbbbb", linewidth=0.5)
    with mpl.rc_context({"pdf.fonttype": 42}), any_letters():
        figure.savefig(path, format="pdf", metadata={"Title": as_line(printed.agency_name), "CreationDate": None})


def _figure(size: tuple[float, float]) -> Figure:
    figure = Figure(figsize=size, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, size[0]), ylim=(0, size[1]))
    axes.axis("off")
    return figure


def _card(figure: Figure, printed: Printed, left: float, bottom: float) -> None:
    axes, x, wide = figure.axes[0], left + _MARGIN, CARD[0] - 2 * _MARGIN
    top = bottom + CARD[1] - 0.8 * _MARGIN
    _line(axes, printed.agency_name, x, top, wide, _TITLE, bold=True)
    code_bottom = bottom + _FOOT + _MARGIN
    axes.add_patch(PathPatch(_code(printed.link, x, code_bottom, _CODE), color=_INK, linewidth=0))
    beside = _CODE + _MARGIN
    y = code_bottom + _CODE + 0.06
    for language in LANGUAGES:
        words = said(language, printed)
        y = _paragraph(axes, words["title"], x + beside, y, wide - beside, _BIG, bold=True)
        y = _paragraph(axes, words["scan"], x + beside, y - 0.03, wide - beside, _TEXT) - 0.12
    y = _line(axes, printed.link.partition("://")[2], x, bottom + _FOOT, wide, _SMALL)
    for language in LANGUAGES:
        y = _line(axes, ending(language, printed), x, y, wide, _SMALL)


def _line(axes: Any, text: str, x: float, top: float, width: float, size: float, *, bold: bool = False) -> float:
    """Write a line, in smaller letters where it is long; return where the next may begin."""
    text = as_line(text)
    fits = min(1, width / _width(text, size, bold))
    axes.text(x, top - size * _LEADING, text, fontsize=size * fits, color=_INK, fontweight="bold" if bold else "normal")
    return top - size * _LEADING


def _paragraph(axes: Any, text: str, x: float, top: float, width: float, size: float, *, bold: bool = False) -> float:
    """Write text from its top edge down, broken where it gets too wide; return where the next may begin."""
    for line in _lines(text, width, size, bold):
        top = _line(axes, line, x, top, width, size, bold=bold)
    return top


def _lines(text: str, width: float, size: float, bold: bool) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(longer, size, bold) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@lru_cache(maxsize=512)
def _width(text: str, size: float, bold: bool) -> float:
    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")
    with any_letters():
        return float(TextPath((0, 0), text, size=size, prop=font).get_extents().width) / 72


def _code(link: str, left: float, bottom: float, size: float) -> Outline:
    """Return a square code as one outline, a rectangle for each run of dark modules."""
    rows = dark_runs(link)
    module = size / len(rows)
    points, codes = [], []
    for place, row in enumerate(rows):
        top = bottom + size - place * module
        for start, end in row:
            x, until = left + start * module, left + end * module
            low = top - module * (1 + _OVERLAP)
            points += [(x, low), (until, low), (until, top), (x, top), (x, low)]
            codes += [Outline.MOVETO, *[Outline.LINETO] * 3, Outline.CLOSEPOLY]
    return Outline(points, codes)
