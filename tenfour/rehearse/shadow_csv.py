"""The sign-off sheet as CSV, for those who would rather sign in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from chalicelib.domain.harmless import as_cell
from chalicelib.domain.names import Kind
from chalicelib.insight.shadow.report import NO_TYPE
from chalicelib.insight.shadow.sign_off import NOTHING_IS_SENT, SIGNERS, Sheet

_BOXES = ("yes, no or change", "name", "date")
_OWN = ("place", "codes", "description", "safety", *Kind, "case numbers to", "priorities", "incidents", "messages")
_HEADER = (*(name.replace("_", " ") for name in _OWN), "example words")


def write_csv(sheets: Iterable[Sheet], path: Path) -> None:
    """Write a line a type; the byte-order mark tells Excel that it is UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([*_HEADER, *(f"{signer}: {box}" for signer in SIGNERS for box in _BOXES)])
        lines.writerows([*map(as_cell, _cells(sheet)), *[""] * len(SIGNERS) * len(_BOXES)] for sheet in sheets)


def _cells(sheet: Sheet) -> Iterator[object]:
    lines = {line.kind: line for line in sheet.lines}
    yield sheet.place
    yield ", ".join(code if code != NO_TYPE else "(no type)" for code in sheet.codes)
    yield sheet.description
    yield sheet.safety
    for kind in Kind:
        yield lines[kind].when if kind in lines else NOTHING_IS_SENT
    yield sheet.case_number_to
    yield "; ".join(sheet.exceptions)
    yield sheet.incidents
    yield sheet.messages
    yield " | ".join(line.words[0].body for line in sheet.lines if line.words)
