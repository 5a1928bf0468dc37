"""Why nothing was sent, which types and dispositions the settings do not know, and what turned out too late."""

from collections import Counter
from collections.abc import Iterable

from msgspec import field

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.reasons import PLAIN
from chalicelib.insight.shadow.people import MASK
from chalicelib.insight.shadow.report import ReasonCount, Turned, UnmappedDisposition
from chalicelib.insight.shadow.sums import Sums

ABOUT_THE_INCIDENT = frozenset(
    {
        Reason.TOO_MUCH_TO_JUDGE,
        Reason.SENSITIVE,
        Reason.JUVENILE,
        Reason.DO_NOT_CONTACT,
        Reason.EXERCISE,
        Reason.OFFICER_INITIATED,
        Reason.DUPLICATE,
        Reason.WAITS_FOR_ID,
        Reason.TRANSFERRED,
        Reason.TYPE_UNKNOWN,
        Reason.TYPE_NOT_ALLOWED,
        Reason.TYPE_NEVER,
        Reason.NOT_JUDGED,
    }
)
"""With one of these nothing at all is said about an incident; the first of them are the gravest."""

_FOR_WANT_OF_A_TYPE = frozenset({Reason.TYPE_NOT_ALLOWED, Reason.TYPE_UNKNOWN})


def meaning(reason: str) -> str:
    """Return what a reason means in plain words."""
    return PLAIN[Reason(reason)] if reason in set(Reason) else reason.replace("_", " ")


class Why(Sums, kw_only=True):
    """Counts reasons by incident, as they come."""

    entries: dict[str, Counter[Kind]] = field(default_factory=dict)
    incidents: Counter[str] = field(default_factory=Counter)
    got_nothing: Counter[str] = field(default_factory=Counter)
    open_types: Counter[tuple[str, str]] = field(default_factory=Counter)
    dispositions: Counter[str] = field(default_factory=Counter)
    untold: Counter[str] = field(default_factory=Counter)

    def add(self, entries: Iterable[tuple[Kind, str]], got_nothing: bool) -> None:
        """Count one incident's decisions not to send, each with its reason."""
        reasons = set()
        for kind, reason in entries:
            self.entries.setdefault(reason, Counter())[kind] += 1
            reasons.add(reason)
        self.incidents.update(reasons)
        if got_nothing:
            self.got_nothing.update(reasons)

    def add_incident(self, record: IncidentRecord, place: str, code: str, agency: Agency) -> None:
        """Count what the settings did not know of an incident."""
        if bar(record) in _FOR_WANT_OF_A_TYPE:
            self.open_types[place, code] += 1
        dispositions = record.incident.facts.dispositions or ()
        self.dispositions.update({MASK.text(each) for each in dispositions if each not in agency.dispositions})
        if any(item.reason == Reason.UNMAPPED_DISPOSITION and item.kind is Kind.OUTCOME for item in record.skipped):
            self.untold.update({MASK.text(each) for each in dispositions})

    def reasons(self) -> tuple[ReasonCount, ...]:
        """Return the reasons, that of most incidents first."""
        ranked = sorted(self.incidents, key=lambda reason: (-self.incidents[reason], reason))
        return tuple(
            ReasonCount(
                reason=reason,
                meaning=meaning(reason),
                incidents=self.incidents[reason],
                got_nothing=self.got_nothing[reason],
                kinds={kind: self.entries[reason][kind] for kind in Kind if self.entries[reason][kind]},
            )
            for reason in ranked
        )

    def opened(self, place: str, code: str) -> int:
        """Return how many incidents of a type nothing else stands in the way of."""
        return self.open_types[place, code]

    def unmapped(self, incidents: int) -> tuple[UnmappedDisposition, ...]:
        """Return the dispositions without a class, the commonest first, each as a share of all incidents."""
        return tuple(
            UnmappedDisposition(code=code, incidents=number, share=number / incidents, untold=self.untold[code])
            for code, number in sorted(self.dispositions.items(), key=lambda item: (-item[1], item[0]))
        )


class TooLate(Sums, kw_only=True):
    """Counts messages that would have gone before anybody knew that nothing may be said of their incident."""

    messages: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, list[str]] = field(default_factory=dict)

    def add(self, record: IncidentRecord, messages: int) -> None:
        """Count an incident's messages."""
        reason = bar(record)
        if messages and reason:
            self.messages[reason] += messages
            self.numbers.setdefault(reason, []).append(record.incident.incident_number)

    def turned(self) -> tuple[Turned, ...]:
        """Return the reasons, the gravest first, as the documentation has them."""
        return tuple(
            Turned(
                reason=reason.value,
                meaning=meaning(reason),
                messages=self.messages[reason],
                incidents=tuple(sorted(self.numbers[reason])),
            )
            for reason in Reason
            if self.messages[reason]
        )


def bar(record: IncidentRecord) -> str:
    """Return why nothing at all is said about an incident, as it stands, or an empty text."""
    reasons = {item.reason for item in record.skipped if not item.recipient}
    barred = len(reasons) == 1 and len(record.skipped) >= len(Kind)
    reason = str(next(iter(reasons))) if barred else ""
    return reason if reason in ABOUT_THE_INCIDENT else ""
