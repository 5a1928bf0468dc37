"""The lists of comments from which somebody chooses those that a report may quote."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from chalicelib.domain.surveys.listed import Listed


class Comments(Protocol):
    """Comments by list, as the flows need them; who decides on them asks the store for more."""

    def change(self, agency_id: str, anew: Iterable[Listed], gone: Iterable[str], until: datetime | None) -> None:
        """Take what is gone, by its places, off all lists, and put what is new on the list of what nobody has read.

        Doing it twice does it once. `until` is how long a list keeps it; None: for as long as it is there.
        """
