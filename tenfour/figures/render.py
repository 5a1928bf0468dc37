"""A report as a web page, as Markdown, as CSV, and the page that lists the quarters: files that need no other."""

import csv
import io
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from chalicelib.domain.harmless import as_cell, as_markdown
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.figures.document import Block, Bullets, Chart, Document, KeyFigures, Paragraph, Quotes, Table
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.wording import Wording
from tenfour.common.html import templates
from tenfour.figures.charts import draw

_HERE = Path(__file__).parent
_PAGES = templates(_HERE)
_UNTIL = re.compile(r'<meta name="counted-until" content="(\d{4}-\d\d-\d\d)">')
_INTERVAL = re.compile(r"\([\d.]+ \w+ [\d.]+\)|[\d.]+ %")
_FIT = 4
"""So many columns stand side by side on a phone."""


def _on_phones(table: Table) -> str:
    """Return the class of a table with more columns than a phone has room for: each row becomes a block there.

    Where all but the first column are numbers, these stand side by side in their block.
    """
    if len(table.columns) <= _FIT:
        return ""
    return "many counts" if all(column.number for column in table.columns[1:]) else "many"


def _unbroken(text: str) -> str:
    """Return a cell's text in which an interval in brackets stays in one line: it goes below its figure as a whole."""
    return _INTERVAL.sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), text)


_PAGES.filters |= {
    "unbroken": _unbroken,
    "on_phones": _on_phones,
    "kind": lambda block: type(block).__struct_config__.tag,
    "drawn": draw,
    "drawn_for_phones": partial(draw, narrow=True),
    "data_uri": lambda svg: f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}",
}


def html(document: Document, *, index: bool = False) -> str:
    """Return the report as one page; on a site it links to the page that lists the quarters."""
    return _PAGES.get_template("page.html").render(document=document, style=_style(), index=index)


def counted_until(page: str) -> date | None:
    """Return the day up to which a page counts a quarter that was not over, or None where it counts all of it."""
    found = _UNTIL.search(page)
    return date.fromisoformat(found[1]) if found else None


def html_index(agency: Agency, quarters: Mapping[Quarter, date | None], language: str) -> str:
    """Return the page that lists the quarters, the latest first; one that its page counts in part has the day."""
    wording = Wording(language)
    return _PAGES.get_template("index.html").render(
        language=language,
        title=wording.say("title.index", agency=agency.name),
        lead=wording.say("title.index_lead", agency=agency.name),
        quarters=[
            (quarter.name, wording.counted(quarter, quarters[quarter])) for quarter in sorted(quarters, reverse=True)
        ],
        style=_style(),
    )


def markdown(document: Document) -> str:
    """Return the report as Markdown: a chart is what its picture says in words, its figures are in the tables."""
    lines = [f"# {as_markdown(document.title)}", "", as_markdown(document.subtitle), ""]
    for section in document.sections:
        if section.title:
            lines += [f"## {as_markdown(section.title)}", ""]
        for block in section.blocks:
            lines += [*_markdown(block), ""]
    return "\n".join((*lines, as_markdown(document.made), ""))


def as_csv(document: Document) -> str:
    """Return every table's figures, a line a figure: what is shown, the bare value, and the last day counted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("quarter", "table", "row", "column", "shown", "value", "until"))
    for section in document.sections:
        for table in section.blocks:
            if isinstance(table, Table):
                writer.writerows(map(as_cell, (*line, document.until)) for line in _figures(document.quarter, table))
    return out.getvalue()


def _figures(quarter: str, table: Table) -> Iterator[tuple[Any, ...]]:
    heads = next((place for place, column in enumerate(table.columns) if column.number), 1)
    for row in table.rows:
        names = [str(cell.text if cell.value is None else cell.value) for cell in row]
        name = " / ".join(filter(None, names[:heads]))
        for column, cell in zip(table.columns[heads:], row[heads:], strict=True):
            yield quarter, table.id, name, column.label, cell.text, "" if cell.value is None else cell.value


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text, role):
            yield f"> {as_markdown(text)}" if role == "note" else as_markdown(text)
        case Bullets(items):
            yield from (f"- {as_markdown(item)}" for item in items)
        case KeyFigures(items):
            yield from (f"- {as_markdown(str(item.value))}: **{as_markdown(item.text)}**" for item in items)
        case Chart():
            yield f"*{as_markdown(block.caption)}* {as_markdown(block.alt)}"
        case Table():
            yield from (f"*{as_markdown(block.caption)}*", "")
            yield f"| {' | '.join(as_markdown(column.label) for column in block.columns)} |"
            yield f"|{'|'.join('---:' if column.number else '---' for column in block.columns)}|"
            yield from (f"| {' | '.join(as_markdown(cell.text) for cell in row)} |" for row in block.rows)
        case Quotes(items):
            for quote in items:
                said = (*quote.text.splitlines(), "", quote.about)
                yield from (*(f"> {as_markdown(line)}".rstrip() for line in said), "")


def _style() -> str:
    return (_HERE / "style.css").read_text(encoding="utf-8")
