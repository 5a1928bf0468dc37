"""A report as PDF, set by Typst: one wheel with its own fonts; a fresh machine needs neither browser nor library.

The report goes in as data, not as markup: nothing that somebody wrote can be taken for a command. The PDF is tagged
for screen readers (PDF/UA-1), and charts have their text alternatives in it.
"""

import json
from pathlib import Path

import msgspec
import typst

from chalicelib.insight.figures.document import Document

_TEMPLATE = Path(__file__).parent / "report.typ"


def pdf(document: Document) -> bytes:
    """Return the report as PDF."""
    told = json.dumps(msgspec.to_builtins(document), ensure_ascii=False)
    made: bytes = typst.compile(_TEMPLATE, sys_inputs={"report": told}, pdf_standards="ua-1")
    return made
