"""The ledger as a CSV: for the agency, and for the public without reasons and without whom it was about."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from itertools import islice

from chalicelib.domain.ledger.what import What
from chalicelib.insight.csv_row import csv_row
from chalicelib.insight.ledger.line import Line, public
from chalicelib.insight.ledger.read import Asked, lines
from chalicelib.wiring import Aws

COLUMNS = ("at", "who", "author", "what", "step", "about", "count", "reason", "ticket", "session", "says", "protected")
PUBLIC = ("at", "who", "what", "step", "about", "count", "says")
"""The public reads who did what, and of what kind it was about."""


class TooLong(ValueError):
    """There are more lines than a file may have."""


def file_of(aws: Aws, asked: Asked, zone: tzinfo, most: int, *, to_public: bool = False) -> list[str]:
    """Return the lines of a file of a part of the ledger; TooLong where it would have more than `most`."""
    found = list(islice(lines(aws, asked, size=1000), most + 1))
    if len(found) > most:
        raise TooLong
    return list(as_csv(found, zone, to_public=to_public))


def as_csv(lines: Iterable[Line], zone: tzinfo, *, to_public: bool = False) -> Iterator[str]:
    """Yield the lines of the file, the names of the columns first; times have the agency's offset."""
    columns = PUBLIC if to_public else COLUMNS
    yield csv_row(columns)
    for line in lines:
        shown = public(line) if to_public else line
        told = {
            "at": line.at.astimezone(zone).isoformat(timespec="seconds"),
            "protected": "yes" if line.what == What.LOOKED_PROTECTED else "",
        }
        yield csv_row(told.get(name, getattr(shown, name, "")) for name in columns)
