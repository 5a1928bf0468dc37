"""Count people who would get many messages, without naming them, and messages that the caps would hold back."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.mask import Mask
from chalicelib.insight.shadow.report import MANY_A_DAY, MANY_IN_ALL, FrequentPerson
from chalicelib.insight.shadow.seen import Seen

MOST_NAMED = 5
MASK = Mask()


class People:
    """Every message by the person who would have got it."""

    def __init__(self) -> None:
        self._seen: dict[str, list[tuple[datetime, Kind, str]]] = {}

    def __len__(self) -> int:
        """Return how many people would have got something."""
        return len(self._seen)

    def add(self, seen: Seen) -> None:
        """Count a message; one who is known by several addresses is one person."""
        row = seen.row
        person = min((row.address, *row.addresses))
        self._seen.setdefault(person, []).append((seen.at, seen.kind, row.key.incident_number))

    def many(self) -> tuple[FrequentPerson, ...]:
        """Return those who would have got many, who would have got most first."""
        heavy = (_person(address, messages) for address, messages in self._seen.items() if len(messages) > MANY_A_DAY)
        named = [person for person in heavy if person.most_in_a_day > MANY_A_DAY or person.messages > MANY_IN_ALL]
        return tuple(sorted(named, key=lambda person: (-person.messages, -person.most_in_a_day, person.incidents)))

    def held_by_caps(self, agency: Agency) -> dict[str, int]:
        """Return how many the caps would have stopped by reason: caps count what went, and in shadow nothing goes."""
        held: Counter[str] = Counter()
        for messages in self._seen.values():
            held.update(_held(sorted(messages), agency))
        return dict(held.most_common())


def _held(messages: Iterable[tuple[datetime, Kind, str]], agency: Agency) -> Iterable[str]:
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


def _person(address: str, messages: list[tuple[datetime, Kind, str]]) -> FrequentPerson:
    days = Counter(at.date() for at, _, _ in messages)
    latest = dict.fromkeys(incident for _, _, incident in sorted(messages, reverse=True))
    return FrequentPerson(
        who=MASK.address(address),
        messages=len(messages),
        most_in_a_day=max(days.values()),
        kinds=dict(Counter(kind for _, kind, _ in messages).most_common()),
        incidents=tuple(latest)[:MOST_NAMED],
    )
