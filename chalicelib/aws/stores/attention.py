"""What waits for somebody, in DynamoDB: a partition for each agency, in the table of contacts, which no analyst sees.

An entry is written in the transaction of its cause and emptied in that of its end, where there is one. The sweep writes
what only time tells. Who has taken an entry stands beside its document, so that news of its cause does not undo it. An
empty entry expires: so no function needs the right to delete anything.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib.aws.document import UNREADABLE, decode, encode
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.tables import Add, ContactItem, as_conflict, attention_pk, instant, read_instant
from chalicelib.domain.desk.attention import Attention, Cause, Waiting

_KEPT_FOR = timedelta(days=7)
"""An entry that ends by itself is gone so long after its end; nobody sees it meanwhile."""

_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class AttentionTable:
    """The port `WaitingList` over DynamoDB."""

    def __init__(self, items: type[ContactItem], leave_out: Callable[[str], None] = log_left_out) -> None:
        self._items, self._leave_out = items, leave_out

    def of(self, agency_id: str, causes: Collection[Cause] = ()) -> tuple[Waiting, ...]:
        """Return what waits for somebody, or will, by one consistent Query; all causes where none is named.

        What has ended may be among it: `gravest_first` leaves that out.
        """
        found = self._items.query(attention_pk(agency_id), consistent_read=True)
        told = (one for item in found if item.document and (one := self._read(item)))
        return tuple(one for one in told if not causes or one.cause in causes)

    def note(self, agency_id: str, change: Attention) -> None:
        """Write what waits for somebody, and remove what does not any more, each by itself."""
        for one in change.begun:
            self._item(one).update(self._said(one))
        for name in change.ended:
            self._place(agency_id, *name).update(self._nothing())

    def writes(self, agency_id: str, change: Attention) -> list[Add]:
        """Return the same as parts of the transaction of the cause."""
        return [*self.ended(agency_id, change), *self.begun(change)]

    def begun(self, change: Attention) -> list[Add]:
        """Return the writes of what begins to wait: they may stand alone, since nobody misses anything then."""
        return [_update(self._item(one), self._said(one)) for one in change.begun]

    def ended(self, agency_id: str, change: Attention) -> list[Add]:
        """Return the writes that remove what does not wait any more."""
        return [_update(self._place(agency_id, *name), self._nothing()) for name in sorted(change.ended)]

    def put_right(self, one: Waiting, change: Attention) -> None:
        """Write a change of one entry, or empty it; Conflict where its cause was told anew since it was read."""
        unchanged = self._items.document == encode(_told(one))
        actions = self._said(change.begun[0]) if change.begun else self._nothing()
        try:
            self._item(one).update(actions, condition=unchanged)
        except UpdateError as error:
            raise as_conflict(error) from error

    def take(self, one: Waiting, by: str, at: datetime) -> Waiting:
        """Note that somebody has taken it; Conflict where it is there no more, or somebody else has taken it since."""
        items, known = self._items, self._items.taken_at
        unmoved = known == instant(one.taken_at) if one.taken_at else known.does_not_exist()
        try:
            self._item(one).update(
                [items.taken_by.set(by), known.set(instant(at))], condition=items.document.exists() & unmoved
            )
        except UpdateError as error:
            raise as_conflict(error) from error
        return one.take(by, at)

    def _read(self, item: ContactItem) -> Waiting | None:
        """Return an entry; None for one that this release can't read, as of a cause that another one knows."""
        try:
            one = decode(item.document, Waiting)
        except UNREADABLE:
            self._leave_out(f"{item.pk} {item.sk}")
            return None
        taken_at = read_instant(item.taken_at) if item.taken_at else None
        return replace(one, taken_by=item.taken_by or "", taken_at=taken_at)

    def _item(self, one: Waiting) -> ContactItem:
        return self._place(one.agency_id, one.cause, one.about)

    def _place(self, agency_id: str, cause: Cause, about: str) -> ContactItem:
        return self._items(attention_pk(agency_id), f"{cause}#{about}")

    def _said(self, one: Waiting) -> list[Action]:
        expires = self._items.expires
        told = self._items.document.set(encode(_told(one)))
        return [told, expires.set(one.until + _KEPT_FOR) if one.until else expires.remove()]

    def _nothing(self) -> list[Action]:
        """Return what empties an entry; it is gone when DynamoDB comes to it."""
        items = self._items
        return [items.document.remove(), items.taken_by.remove(), items.taken_at.remove(), items.expires.set(_LONG_AGO)]


def _told(one: Waiting) -> Waiting:
    """Return what the document says of an entry: who has taken it stands beside."""
    return replace(one, taken_by="", taken_at=None)


def _update(item: ContactItem, actions: list[Action]) -> Add:
    return lambda transaction: transaction.update(item, actions=actions)
