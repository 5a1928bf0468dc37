"""A list as a file for a spreadsheet: the browser saves it, and no cache keeps it."""

from collections.abc import Iterable

from chalicelib.web.desk.page import SAFE, UNKEPT
from chalicelib.web.desk.visit import Answer

_MARK = "\ufeff"
"""Tells Excel that the file is UTF-8."""


def csv_file(name: str, rows: Iterable[str]) -> Answer:
    """Return lines of CSV as a download; `name` is ours, plain ASCII such as `calls`, and holds no person."""
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        **SAFE,
        **UNKEPT,
    }
    return Answer(body=_MARK + "".join(rows), headers=headers)
