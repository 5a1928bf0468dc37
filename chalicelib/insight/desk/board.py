"""The first page: how an agency stands at this moment, and what waits for somebody. Four reads, whatever is stored."""

import hashlib
from datetime import datetime

from msgspec import Struct, json
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Waiting, gravest_first
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.unreachable import UNREACHABLE
from chalicelib.wiring import Aws

WHOLE = ("agency", "tables")
"""The pauses that hold everything."""


class Board(Struct, frozen=True, kw_only=True):
    """How an agency stands. `pause` is the one that holds everything, `pauses` are all.

    `waits` is None where nobody can say what waits: that is no reason to show an empty list.
    """

    mode: str
    pause: Pause | None
    pauses: tuple[Pause, ...]
    waits: tuple[Waiting, ...] | None
    heard_at: datetime | None

    @property
    def version(self) -> str:
        """Return a name for what is shown: the same as long as nothing changes, however time passes."""
        told = json.encode([self.mode, self.pauses, self.waits, self.heard_at], order="deterministic")
        return hashlib.sha256(told).hexdigest()[:16]


def read_board(aws: Aws, agency: Agency, at: datetime) -> Board:
    """Read how an agency stands."""
    conditions = aws.settings.conditions(agency.agency_id)
    whole = [one for one in conditions.pauses if one.of in WHOLE]
    return Board(
        mode=agency.mode,
        pause=min(whole, key=lambda one: one.at, default=None),
        pauses=conditions.pauses,
        waits=_waits(aws, agency, at),
        heard_at=conditions.feed_heard_at,
    )


def _waits(aws: Aws, agency: Agency, at: datetime) -> tuple[Waiting, ...] | None:
    try:
        found = aws.attention.of(agency.agency_id)
    except UNREACHABLE:
        return None
    return gravest_first((one if one.taken(at) else replace(one, taken_by="", taken_at=None) for one in found), at)
