"""Values that nobody has judged, and drafts of judgements, in DynamoDB: two partitions for each agency.

They are in the table of settings, which has no stream. Only so many values are kept, and each expires: one that came
once after a week, one that came again after three months. So a page may read them all, whatever dispatch sends.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib.aws.cached import Cached
from chalicelib.aws.document import UNREADABLE, decode, encode
from chalicelib.aws.stores.drafted import write_over
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.tables import JUDGING, UNJUDGED, SettingsItem, condition_failed, instant, read_instant
from chalicelib.domain.desk.judging import Draft
from chalicelib.domain.desk.unjudged import EXAMPLES, Came, Heard
from chalicelib.domain.incidents.update import Evidence

MOST = 1_000
"""Values that are kept of an agency: far more than people judge in a day. Known ones go on to be counted."""

KNOWN_FOR = timedelta(minutes=5)
ONCE_FOR, AGAIN_FOR = timedelta(days=7), timedelta(days=92)
"""How long a value is kept after it came: the first time, and whenever it comes again."""

DRAFT_FOR = timedelta(days=92)


class JudgingTable:
    """The port `Judging` over DynamoDB."""

    def __init__(
        self,
        items: type[SettingsItem],
        clock: Callable[[], datetime],
        leave_out: Callable[[str], None] = log_left_out,
    ) -> None:
        self._items, self._clock, self._leave_out = items, clock, leave_out
        self._known: Cached[str, set[str]] = Cached(clock, KNOWN_FOR)

    def came(self, agency_id: str, heard: Sequence[Heard], batch: str, at: datetime) -> None:
        """Count values by one write each; a new value beyond the most is not kept."""
        known = self._known.get(agency_id, lambda: {one.id for one in self.values(agency_id)}) if heard else set()
        for one in heard:
            if one.id not in known and len(known) >= MOST:
                continue
            self._count(agency_id, one, batch, at, AGAIN_FOR if one.id in known else ONCE_FOR)
            known.add(one.id)

    def values(self, agency_id: str) -> tuple[Came, ...]:
        """Return the values that came and have not expired, by one Query."""
        found = self._items.query(f"{UNJUDGED}{agency_id}", limit=MOST + MOST)
        return tuple(one for item in found if not self._expired(item) and (one := self._read(item)))

    def drafts(self, agency_id: str) -> tuple[Draft, ...]:
        """Return the drafts, withdrawn ones too: their number is what a later one is written over."""
        found = self._items.query(f"{JUDGING}{agency_id}", consistent_read=True)
        return tuple(one for item in found if not self._expired(item) and (one := self._read_draft(item)))

    def draft(self, agency_id: str, draft: Draft) -> Draft:
        """Write a draft over the one that it was read as; Conflict."""
        written = replace(draft, number=draft.number + 1)
        write_over(self._items(f"{JUDGING}{agency_id}", draft.id), written, draft.number, draft.at + DRAFT_FOR)
        return written

    def _count(self, agency_id: str, one: Heard, batch: str, at: datetime, kept: timedelta) -> None:
        items = self._items
        actions: list[Action] = [
            items.calls.add(len(one.calls)),
            items.document.set(encode(one.item)),
            items.since.set(items.since | instant(at)),
            items.heard_at.set(instant(at)),
            items.batch.set(batch),
            items.expires.set(at + kept),
            *(getattr(items, f"example_{place}").set(number) for place, number in one.shown.items()),
        ]
        another = items.batch.does_not_exist() | (items.batch != batch)
        try:
            items(f"{UNJUDGED}{agency_id}", one.id).update(actions, condition=another)
        except UpdateError as error:
            if not condition_failed(error):
                raise

    def _expired(self, item: SettingsItem) -> bool:
        return item.expires is not None and item.expires <= self._clock()

    def _read(self, item: SettingsItem) -> Came | None:
        try:
            return Came(
                item=decode(item.document, Evidence),
                calls=int(item.calls or 0),
                since=read_instant(item.since or ""),
                heard_at=read_instant(item.heard_at or ""),
                examples=tuple(told for place in range(EXAMPLES) if (told := getattr(item, f"example_{place}"))),
            )
        except UNREADABLE:
            self._leave_out(f"{item.pk} {item.sk}")
            return None

    def _read_draft(self, item: SettingsItem) -> Draft | None:
        try:
            return decode(item.document, Draft)
        except UNREADABLE:
            self._leave_out(f"{item.pk} {item.sk}")
            return None
