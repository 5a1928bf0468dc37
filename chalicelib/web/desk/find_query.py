"""What is looked for at Find, as its address has it: no phone, no email and no last digits of one are ever in it."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import asdict, replace

from chalicelib.domain.desk.local_time import LocalSpan, read_span, written
from chalicelib.domain.desk.recent import Wanted
from chalicelib.domain.ledger.addresses import is_of_an_address
from chalicelib.web.desk.visit import Visit

USUAL = timedelta(hours=24)
_HASH = re.compile(r"[0-9a-f]{64}")
_PLACE = re.compile(r"\d{1,6}|\d{4}-\d\d-\d\dT[\d:.]{8,15}(?:Z|[+-]\d\d:\d\d)(?:#[^\x00-\x1f]{0,120})?~?")
"""Where a list goes on: behind an instant, or behind what began then."""

_LONGEST = 80
FACETS = ("kind", "state", "reason", "type", "beat")


class Search(Struct, frozen=True, kw_only=True):
    """A search: `of` is a person's keyed hash, `since` and `until` are local times as a form's fields have them."""

    of: str = ""
    why: str = ""
    ticket: str = ""
    since: str = ""
    until: str = ""
    kind: str = ""
    state: str = ""
    reason: str = ""
    type: str = ""
    beat: str = ""
    after: str = ""

    @property
    def wanted(self) -> Wanted:
        """Return what of the index is wanted."""
        return Wanted(
            kind=self.kind or None,
            state=self.state or None,
            reason=self.reason or None,
            incident_type=self.type or None,
            beat=self.beat or None,
        )

    @property
    def asked(self) -> bool:
        """Tell whether anything is looked for."""
        return any(asdict(self).values())

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """Return what a form carries on that asks only for a reason."""
        told = asdict(replace(self, why="", ticket=""))
        return tuple((name, value) for name, value in told.items() if value)

    @property
    def person_query(self) -> str:
        """Return the query of the person's own page: the look there has the same reason."""
        return urlencode({name: value for name in ("of", "why", "ticket") if (value := getattr(self, name))})

    def query(self, **changes: str) -> str:
        """Return the search with changes, as the query of an address."""
        told = asdict(replace(self, **changes))
        return urlencode({name: value for name, value in told.items() if value})


def read_search(given: Mapping[str, str]) -> Search:
    """Read a search. What is no hash, is too long or could be somebody's address counts as not given."""
    read = {name: _plain(given.get(name, "")) for name in Search.__struct_fields__}
    of, after = given.get("of", ""), given.get("after", "")
    of, after = (text if form.fullmatch(text) else "" for text, form in ((of, _HASH), (after, _PLACE)))
    return replace(Search(**read), of=of, after="" if is_of_an_address(after.partition("#")[2]) else after)


def span_of(visit: Visit, search: Search) -> LocalSpan:
    """Return the span of a search, by default the last 24 hours; BadSpan."""
    return read_span(search.since, search.until, visit.ours.zone, usual_span(visit.now))


def usual_span(now: datetime) -> LocalSpan:
    """Return the span that is looked through where none is given."""
    return LocalSpan(now - USUAL, now)


def fields_of(visit: Visit, search: Search) -> dict[str, str]:
    """Return what the two fields of time show: as it was typed, else the usual span."""
    usual, zone = usual_span(visit.now), visit.ours.zone
    return {"since": search.since or written(usual.since, zone), "until": search.until or written(usual.until, zone)}


def _plain(text: str) -> str:
    plain = " ".join(text.split())
    return "" if len(plain) > _LONGEST or is_of_an_address(plain) else plain
