"""A report as PDF, set by Typst: one wheel with its own fonts; a fresh machine needs neither browser nor library.

The report goes in as data, not as markup: nothing that somebody wrote can be taken for a command. The PDF is tagged
for screen readers (PDF/UA-1), and charts have their text alternatives in it.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import typst

from chalicelib.insight.figures.document import Chart, Document
from tenfour.figures.charts import draw

_TEMPLATE = Path(__file__).parent / "report.typ"


def pdf(document: Document) -> bytes:
    """Return the report as PDF."""
    told = json.dumps(_with_pictures(document), ensure_ascii=False)
    made: bytes = typst.compile(_TEMPLATE, sys_inputs={"report": told}, pdf_standards="ua-1")
    return made


def _with_pictures(document: Document) -> dict[str, Any]:
    """Return a document as plain data, with each chart drawn."""
    told: dict[str, Any] = msgspec.to_builtins(document)
    for section, plain in zip(document.sections, told["sections"], strict=True):
        for block, data in zip(section.blocks, plain["blocks"], strict=True):
            if isinstance(block, Chart):
                data["svg"] = draw(block)
    return told
