"""Count people who would get many messages, without naming them, and messages that the caps would hold back."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime

from msgspec import field

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.mask import Mask
from chalicelib.insight.shadow.report import MANY_A_DAY, MANY_IN_ALL, FrequentPerson
from chalicelib.insight.shadow.seen import Seen
from chalicelib.insight.shadow.sums import Sums

MOST_NAMED = 5
MASK = Mask()

_Message = tuple[datetime, Kind, str]
"""When in the agency's own time, what, and about which incident."""


class People(Sums, kw_only=True):
    """Every message by the person who would have got it; `masked` is as much of an address as may be shown."""

    seen: dict[str, list[_Message]] = field(default_factory=dict)
    masked: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many people would have got something."""
        return len(self.seen)

    def add(self, seen: Seen, named: Callable[[str], str]) -> None:
        """Count a message; one who is known by several addresses is one person, and `named` says under which name."""
        row = seen.row
        address = min((row.address, *row.addresses))
        person = named(address)
        self.seen.setdefault(person, []).append((seen.at, seen.kind, row.key.incident_number))
        self.masked[person] = MASK.address(address)

    def many(self) -> tuple[FrequentPerson, ...]:
        """Return those who would have got many, who would have got most first."""
        heavy = (
            _person(self.masked[person], messages)
            for person, messages in self.seen.items()
            if len(messages) > MANY_A_DAY
        )
        named = [person for person in heavy if person.most_in_a_day > MANY_A_DAY or person.messages > MANY_IN_ALL]
        return tuple(sorted(named, key=lambda one: (-one.messages, -one.most_in_a_day, one.incidents, one.who)))

    def held_by_caps(self, agency: Agency) -> dict[str, int]:
        """Return how many the caps would have stopped by reason: caps count what went, and in shadow nothing goes."""
        held: Counter[str] = Counter()
        for messages in self.seen.values():
            held.update(_held(sorted(messages), agency))
        return dict(held.most_common())


def _held(messages: Iterable[_Message], agency: Agency) -> Iterable[str]:
    """Yield the reason for each of one person's messages that a cap would have stopped, as `permit` has them."""
    caps, days, incidents = agency.caps, Counter[date](), Counter[str]()
    asked_at: datetime | None = None
    for at, kind, incident in messages:
        survey = kind is Kind.SURVEY
        if 0 < caps.per_incident <= incidents[incident]:
            yield Reason.CAP_PER_INCIDENT.value
        elif 0 < caps.per_person_and_day <= days[at.date()]:
            yield Reason.CAP_PER_DAY.value
        elif survey and asked_at and at < asked_at + caps.survey_every:
            yield Reason.CAP_SURVEYS.value
        else:
            days[at.date()] += 1
            incidents[incident] += 1
            asked_at = at if survey else asked_at


def _person(masked: str, messages: list[_Message]) -> FrequentPerson:
    days = Counter(at.date() for at, _, _ in messages)
    latest = dict.fromkeys(incident for _, _, incident in sorted(messages, reverse=True))
    return FrequentPerson(
        who=masked,
        messages=len(messages),
        most_in_a_day=max(days.values()),
        kinds=dict(Counter(kind for _, kind, _ in sorted(messages)).most_common()),
        incidents=tuple(latest)[:MOST_NAMED],
    )
