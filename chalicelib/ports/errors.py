"""Errors of the outside world that the flows know how to handle."""

from collections.abc import Sequence

from chalicelib.domain.lake.row import LakeRow


class Conflict(Exception):
    """Somebody else wrote first: read again and decide again."""


class Busy(Exception):
    """Conflicts did not end; the caller should come back in a moment."""


class CardSpent(Exception):
    """A card has begun all the surveys that it may."""


class NotTold(Exception):
    """A desk's topic did not take it; what it was about is in the desk's list."""


class Unreadable(Exception):
    """Something that is stored can't be read: another release wrote it, or it is damaged. `place` says where it is."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: this release can't read it. Go forward to the one that wrote it, or report it to us"
        )
        self.place = place


class NumberTaken(ValueError):
    """Another agency texts from this number; the text names the field."""


class NotNoted(Exception):
    """The ledger did not take an entry, so nothing that widens what is said or shown may be done."""


class NotSearchable(Exception):
    """Not all that an agency has is in the indexes yet, so what is found may not be all."""

    def __init__(self, agency_id: str) -> None:
        super().__init__(
            f"{agency_id}: calls that an earlier release wrote are not in the indexes yet: run `tenfour records index`"
        )


class QueueUnavailable(Exception):
    """Hints could not be left; the sweep finds what they were about."""


class Damaged(Exception):
    """A file of the lake that can't be read; the text says which."""


class PartlyRead(Damaged):
    """Lines of a file that waits can't be read, by this release or by any; `rows` are those of the other lines."""

    def __init__(self, says: str, rows: Sequence[LakeRow]) -> None:
        super().__init__(says)
        self.rows = rows
