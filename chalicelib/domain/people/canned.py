"""Canned texts: answers of the settings' own words to what somebody texted back, each a row with a due time. Pure.

A row is named by the reply and the answer, so two people who press at once send one text. It holds no phone: the phone
is found again on the person's calls when the text is due, and a person who is there no more gets none.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.names import is_agency_id
from chalicelib.domain.notifications.notification import GONE, MOVES, IllegalMove, State
from chalicelib.domain.notifications.retry import LEASE
from chalicelib.domain.settings.conversation import NOT_READ

WORTH = timedelta(minutes=30)
"""How long after its due time an answer is of use: later its reader has forgotten the question."""

LEADS_BACK = timedelta(days=14)
"""How long after a text a text back is taken to be about the same call, as the day's counts of a phone are kept."""

FOREMOST = timedelta(seconds=60)
MOST_TRIES = 5

AUTOMATIC = "auto-"
"""Begins the name of a text that answered at once and by itself: no answer of the settings can be called so."""

_HINT = "!canned"
_AT = "%Y%m%dT%H%M%S%fZ"


class CannedKey(Struct, frozen=True, order=True):
    """One answer to one reply."""

    agency_id: str
    keyed_hash: str
    reply_at: datetime
    name: str

    @property
    def id(self) -> str:
        """Return the key as one word for the queue of hints; it is no notification's."""
        return " ".join((_HINT, self.agency_id, self.keyed_hash, _written(self.reply_at), self.name))

    @property
    def sent_as(self) -> str:
        """Return the name by which a provider knows it, after its agency's."""
        return f"{self.keyed_hash[:12]}-{_written(self.reply_at)}-{self.name.replace('_', '-')}"


def read_canned(word: str) -> CannedKey | None:
    """Read back what `id` wrote; None for anything else."""
    parts = word.split(" ")
    if len(parts) != len((_HINT, *CannedKey.__struct_fields__)) or parts[0] != _HINT or not is_agency_id(parts[1]):
        return None
    try:
        at = datetime.strptime(parts[3], _AT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return CannedKey(parts[1], parts[2], at, parts[4])


class Canned(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer, due at `send_at`, with what became of it.

    `body` is the text as whoever pressed saw it. `by` is who that was, empty for the text that goes by itself. `reason`
    says why it waits, or why it did not go.
    """

    key: CannedKey
    body: str
    language: str
    segments: int
    by: str = ""
    created_at: datetime
    send_at: datetime
    expires_at: datetime
    state: State = State.SCHEDULED
    reason: str = ""
    attempts: int = 0
    sent_at: datetime | None = None
    provider: str = ""
    reference: str = ""
    settings_version: int = 0
    keep_until: datetime | None = None
    version: int = 0

    @property
    def awaits(self) -> bool:
        """Tell whether the row must be looked at again at `send_at`."""
        return self.state in (State.SCHEDULED, State.SENDING)

    @property
    def by_itself(self) -> bool:
        """Tell whether nobody pressed for it."""
        return self.key.name == NOT_READ

    @property
    def at(self) -> datetime:
        """Return when the person got it, or when it was made where they did not."""
        return self.sent_at or self.created_at

    @property
    def tried(self) -> bool:
        """Tell whether a provider was asked to take it, and did, may have, or did not."""
        return self.state in GONE or self.state is State.FAILED

    @property
    def automatic(self) -> bool:
        """Tell whether tenfour said it, and no person did."""
        return not self.by

    def moved(self, to: State, reason: str = "", **changes: object) -> "Canned":
        """Return the row in another state; IllegalMove."""
        if to not in MOVES[self.state]:
            raise IllegalMove(f"{self.state} to {to}")
        return replace(self, state=to, reason=reason, **changes)

    def claimed(self, now: datetime) -> "Canned":
        """Return the row as about to be given to a provider."""
        return self.moved(State.SENDING, send_at=now + LEASE, attempts=self.attempts + 1)

    def failed(self, outcome: str, reason: str, now: datetime) -> "Canned":
        """Return the row after a call that took no message, or of which nobody knows; that one never goes again."""
        if outcome == "ambiguous":
            return self.moved(State.UNKNOWN, reason)
        again_at = now + FOREMOST
        if outcome == "permanent" or self.attempts >= MOST_TRIES or again_at >= self.expires_at:
            return self.moved(State.FAILED, reason)
        return self.moved(State.SCHEDULED, reason, send_at=again_at)


def answer_row(
    key: CannedKey, said: "Said", by: str, now: datetime, send_at: datetime, keep_until: datetime | None
) -> Canned:
    """Return the row of an answer that is due at an instant."""
    return Canned(
        key=key,
        body=said.body,
        language=said.language,
        segments=said.segments,
        by=by,
        created_at=now,
        send_at=send_at,
        expires_at=send_at + WORTH,
        settings_version=said.settings_version,
        keep_until=keep_until,
    )


def automatic_row(
    key: CannedKey, said: "Said", state: State, reason: str, keep_until: datetime | None, sent: tuple[str, str]
) -> Canned:
    """Return the row of a text that answered a reply at once, with what became of it; it is due no more.

    Its instant is that of the reply. `sent` is the provider that took it and that one's name for it, or two empty ones.
    """
    at, (provider, reference) = key.reply_at, sent
    return Canned(
        key=key,
        body=said.body,
        language=said.language,
        segments=said.segments,
        created_at=at,
        send_at=at,
        expires_at=at,
        state=state,
        reason=reason,
        attempts=1,
        sent_at=at if state in GONE else None,
        provider=provider,
        reference=reference,
        settings_version=said.settings_version,
        keep_until=keep_until,
    )


def automatic_key(agency_id: str, keyed_hash: str, reply_at: datetime, what: str) -> CannedKey:
    """Return the key of a text that answered a reply at once; `what` is the intent that it answers, or `survey`."""
    return CannedKey(agency_id, keyed_hash, reply_at, f"{AUTOMATIC}{what}")


def of_a_call(rows: Iterable[Canned], first: datetime, last: datetime) -> tuple[Canned, ...]:
    """Return the answers that a phone got, or was to get, after a call's texts, in their order.

    `first` and `last` are when the call's texts went to the phone. A text back leads to the call for 14 days after.
    """
    tried = (row for row in rows if row.tried)
    near = (row for row in tried if first <= row.key.reply_at <= last + LEADS_BACK)
    return tuple(sorted(near, key=lambda row: (row.at, row.key)))


class Said(Struct, frozen=True):
    """A text of the settings, filled in."""

    body: str
    language: str
    segments: int
    settings_version: int


def newest(rows: Mapping[CannedKey, Canned]) -> Canned | None:
    """Return the row that was made last."""
    return max(rows.values(), key=lambda row: (row.created_at, row.key), default=None)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_AT)
