"""A report as PDF, set by Typst: one wheel with its own fonts; a fresh machine needs neither browser nor library.

The report goes in as data, not as markup: nothing that somebody wrote can be taken for a command. The PDF is tagged
for screen readers (PDF/UA-1), and charts have their text alternatives in it.
"""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import msgspec
import typst

from chalicelib.insight.figures.document import Chart, Document
from tenfour.common.drawing import mpl
from tenfour.figures.charts import draw

_TEMPLATE = Path(__file__).parent / "report.typ"
_LETTERS = Path(mpl.get_data_path()) / "fonts" / "ttf"
"""Fonts for what Typst's own lack. The last of them has a sign for every letter: PDF/UA refuses a text with none."""

_NO_LETTER = "could not be displayed"
_ACCENT = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""Accents that stand alone: several upon one letter are in no font, and are left out where they end the report."""


def pdf(document: Document) -> bytes:
    """Return the report as PDF."""
    told = json.dumps(_with_pictures(document), ensure_ascii=False)
    try:
        return _set(told)
    except typst.TypstError as problem:
        if _NO_LETTER not in str(problem):
            raise
    return _set(_ACCENT.sub("", unicodedata.normalize("NFC", told)))


def _set(told: str) -> bytes:
    made: bytes = typst.compile(_TEMPLATE, sys_inputs={"report": told}, pdf_standards="ua-1", font_paths=[_LETTERS])
    return made


def _with_pictures(document: Document) -> dict[str, Any]:
    """Return a document as plain data, with each chart drawn."""
    told: dict[str, Any] = msgspec.to_builtins(document)
    for section, plain in zip(document.sections, told["sections"], strict=True):
        for block, data in zip(section.blocks, plain["blocks"], strict=True):
            if isinstance(block, Chart):
                data["svg"] = draw(block)
    return told
