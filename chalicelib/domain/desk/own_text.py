"""Texts to somebody's own phone from the desk: a code, or the text of a draft, marked as a test. Pure.

A row says what became of one, and the order in the queue has the phone and the words, so neither stands in a table
that is backed up. A row is claimed once and never goes again: whoever wants another test presses again.

Whether a phone may be texted is nobody's to learn here. All that keeps a text from a phone has one reason, and of a
code the page says the same whether it went or may not go.
"""

import hashlib
import re
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import is_agency_id
from chalicelib.domain.notifications import safety
from chalicelib.domain.notifications.notification import GONE, MOVES, IllegalMove, State
from chalicelib.domain.notifications.permit import Conditions
from chalicelib.domain.notifications.plan import incident_bar
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.retry import LEASE
from chalicelib.domain.notifications.timing import ended
from chalicelib.domain.people.talk import Standing, nature_bar, person_bar
from chalicelib.domain.phones import as_dialled
from chalicelib.domain.settings.agency import Agency

CODE = "code"
"""What a text is that brings a code; any other names its kind."""

WORTH = timedelta(minutes=10)
"""How long after it was asked for a text is of use: later a code counts no more."""


MOST_SEGMENTS = 10
"""What carriers join to one text."""

BARRED = "barred"
"""Why nothing goes to a phone, whatever it is that keeps it."""

_ORDER = "!own-text "
_NAME = re.compile("[0-9a-f]{32}")


class Allowance(Struct, frozen=True, kw_only=True):
    """How many texts of one use a person may have sent within a day, and an agency of all uses together."""

    use: str
    of_person: int
    of_agency: int = 50


CODES = Allowance(use="codes", of_person=5)
TESTS = Allowance(use="tests", of_person=10)


class Order(Struct, frozen=True, kw_only=True):
    """What the queue carries: the row's name, where its text goes, and what it says."""

    agency_id: str
    name: str
    phone: str
    body: str


class OwnText(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One text and what became of it, without its phone and its words.

    `what` is `CODE` or a kind. `outcome` is what a provider's refusal was. `lease_until` is when a claim ends.
    """

    agency_id: str
    name: str
    what: str
    language: str
    segments: int
    asked_at: datetime
    state: State = State.SCHEDULED
    reason: str = ""
    outcome: str = ""
    lease_until: datetime | None = None
    sent_at: datetime | None = None
    provider: str = ""
    reference: str = ""
    settings_version: int = 0
    version: int = 0

    @property
    def expires_at(self) -> datetime:
        """Return from when on it is of no use."""
        return self.asked_at + WORTH

    def moved(self, to: State, reason: str = "", **changes: object) -> "OwnText":
        """Return the row in another state; IllegalMove."""
        if to not in MOVES[self.state]:
            raise IllegalMove(f"{self.state} to {to}")
        return replace(self, state=to, reason=reason, **changes)

    def claimed(self, now: datetime) -> "OwnText":
        """Return the row as about to be given to a provider; IllegalMove for one that was before."""
        if self.state is not State.SCHEDULED:
            raise IllegalMove(f"{self.state} to {State.SENDING}")
        return self.moved(State.SENDING, lease_until=now + LEASE)

    def failed(self, outcome: str, reason: str) -> "OwnText":
        """Return the row after a call that took no text, or of which nobody knows."""
        return self.moved(State.UNKNOWN if outcome == "ambiguous" else State.FAILED, reason, outcome=outcome)


class Shown(StrEnum):
    """What a page says of a text. `perhaps` is of a code: it is there soon, if texts may go to that phone."""

    WAITS = "waits"
    SENT = "sent"
    PERHAPS = "perhaps"
    NOT_TAKEN = "not_taken"
    UNKNOWN = "unknown"
    TOO_LATE = "too_late"
    PAUSED = "paused"
    PROVIDER_DOWN = "provider_down"
    OVER_BUDGET = "over_budget"
    BARRED = "barred"


_OF_US = {
    Reason.EXPIRED: Shown.TOO_LATE,
    Reason.PAUSED: Shown.PAUSED,
    Reason.PROVIDER_DOWN: Shown.PROVIDER_DOWN,
    Reason.OVER_BUDGET: Shown.OVER_BUDGET,
}
"""Why a text did not go, where that is the same for each phone."""

_PERHAPS = frozenset({Shown.WAITS, Shown.SENT, Shown.UNKNOWN, Shown.BARRED})


def shown(row: OwnText, now: datetime) -> Shown:
    """Return what a page says of a text now: of a code nothing that differs by the phone."""
    found = _became(row, now)
    perhaps = found in _PERHAPS or row.outcome == "permanent"
    return Shown.PERHAPS if row.what == CODE and perhaps else found


def _became(row: OwnText, now: datetime) -> Shown:
    if row.state is State.SCHEDULED:
        return Shown.WAITS if now < row.expires_at else Shown.TOO_LATE
    if row.state is State.SENDING:
        return Shown.WAITS if row.lease_until and now < row.lease_until else Shown.UNKNOWN
    if row.state in GONE:
        return Shown.UNKNOWN if row.state is State.UNKNOWN else Shown.SENT
    if row.state is State.SUPPRESSED:
        return next((said for reason, said in _OF_US.items() if reason == row.reason), Shown.BARRED)
    return Shown.NOT_TAKEN


def is_name(name: str) -> bool:
    """Tell whether a text may be the name of a form: it is random, and each page has another."""
    return _NAME.fullmatch(name) is not None


def name_of(form: str, what: str) -> str:
    """Return the name of a text by that of the form and what was pressed, so that what is pressed twice goes once."""
    return hashlib.sha256(f"{form}\n{what}".encode()).hexdigest()[:32]


def as_word(order: Order) -> str:
    """Return an order as one word for the queue of hints; it is no notification's and no answer's."""
    return _ORDER + msgspec.json.encode(order).decode()


def read_order(word: str) -> Order | None:
    """Read back what `as_word` wrote; None for anything else."""
    if not word.startswith(_ORDER):
        return None
    try:
        order = msgspec.json.decode(word.removeprefix(_ORDER), type=Order)
    except msgspec.DecodeError:
        return None
    return order if is_agency_id(order.agency_id) else None


def of_use(left_at: datetime, now: datetime) -> bool:
    """Tell whether an order may still be tried that was left in the queue at an instant.

    One that fails comes again until then. A dead-letter queue would keep its phone and its words for two weeks, and
    nobody sends it by then.
    """
    return now < left_at + WORTH


def stopped(conditions: Conditions) -> bool:
    """Tell whether a pause of everything holds; one of a kind or a call does not hold a test."""
    return any(one.of in ("agency", "tables") for one in conditions.pauses)


def barred(phone: str, standing: Standing, agency: Agency, now: datetime, *, protected: bool) -> bool:
    """Tell whether nothing goes to a phone; in doubt nothing does.

    `protected` tells that its person is on the auditor's list. A phone on a call about which nobody is texted, or must
    not be yet, gets nothing, since a code that somebody typed a stranger's number for would say there that the police
    write.
    """
    called = as_dialled(agency.numbers.non_emergency, agency.country)
    ours = {called, *agency.numbers.texting, *agency.institutional_numbers}
    return (
        protected
        or phone in ours
        or standing.contact.opted_out is not None
        or person_bar(standing.contact, now) is not None
        or standing.more
        or nature_bar(standing, agency) is not None
        or any(_is_quiet(call, agency.at(call.facts.beat)) for call in standing.calls)
    )


def _is_quiet(call: Incident, agency: Agency) -> bool:
    """Tell whether nobody is texted about a call: for good, or while it goes on."""
    return incident_bar(call, agency) is not None or (safety.guarded(call, agency) and not ended(call.facts))


def refusal(row: OwnText, conditions: Conditions, now: datetime) -> Reason | None:
    """Return why a text does not go that would be the same for each phone, or None."""
    if now >= row.expires_at:
        return Reason.EXPIRED
    return Reason.PAUSED if stopped(conditions) else None
