"""One line of a file that people open in a spreadsheet."""

import csv
from collections.abc import Iterable
from io import StringIO

from chalicelib.domain.harmless import as_cell


def csv_row(cells: Iterable[object]) -> str:
    """Return cells as a line of CSV: none of them is a formula, and nothing in it is a line of another."""
    text = StringIO()
    csv.writer(text).writerow(map(as_cell, cells))
    return text.getvalue()
