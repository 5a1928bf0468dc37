"""Released versions of a quarter's report: by whom, when, and the digest of what was approved. Pure."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct


class Released(Struct, frozen=True, kw_only=True):
    """One version: `of` is the digest of its text in all its languages, `by` the two people."""

    quarter: str
    number: int
    of: str
    languages: tuple[str, ...]
    by: str
    at: datetime

    @property
    def name(self) -> str:
        """Return its name, in which versions sort as they were released."""
        return f"{self.quarter}.{self.number:04}"


def next_number(known: Iterable[Released], quarter: str) -> int:
    """Return the number that a quarter's next version has."""
    return 1 + max((one.number for one in known if one.quarter == quarter), default=0)


def released_as(known: Iterable[Released], of: str) -> Released | None:
    """Return the version that has a digest, or None."""
    return next((one for one in known if one.of == of), None)
