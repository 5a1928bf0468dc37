"""Why nothing was sent, which types and dispositions the settings do not know, and what turned out too late."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.reasons import PLAIN
from chalicelib.insight.shadow.people import MASK
from chalicelib.insight.shadow.report import ReasonCount, Turned, UnmappedDisposition

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


class Why:
    """Counts reasons by incident, as they come."""

    def __init__(self) -> None:
        self._entries: defaultdict[str, Counter[Kind]] = defaultdict(Counter)
        self._incidents: Counter[str] = Counter()
        self._got_nothing: Counter[str] = Counter()
        self._opened: Counter[tuple[str, str]] = Counter()
        self._unmapped: Counter[str] = Counter()
        self._untold: Counter[str] = Counter()

    def add(self, entries: Iterable[tuple[Kind, str]], got_nothing: bool) -> None:
        """Count one incident's decisions not to send, each with its reason."""
        reasons = set()
        for kind, reason in entries:
            self._entries[reason][kind] += 1
            reasons.add(reason)
        self._incidents.update(reasons)
        if got_nothing:
            self._got_nothing.update(reasons)

    def add_incident(self, record: IncidentRecord, place: str, code: str, agency: Agency) -> None:
        """Count what the settings did not know of an incident."""
        if bar(record) in _FOR_WANT_OF_A_TYPE:
            self._opened[place, code] += 1
        dispositions = record.incident.facts.dispositions or ()
        self._unmapped.update({each for each in dispositions if each not in agency.dispositions})
        if any(item.reason == Reason.UNMAPPED_DISPOSITION and item.kind is Kind.OUTCOME for item in record.skipped):
            self._untold.update(set(dispositions))

    def reasons(self) -> tuple[ReasonCount, ...]:
        """Return the reasons, that of most incidents first."""
        ranked = sorted(self._incidents, key=lambda reason: (-self._incidents[reason], reason))
        return tuple(
            ReasonCount(
                reason=reason,
                meaning=meaning(reason),
                incidents=self._incidents[reason],
                got_nothing=self._got_nothing[reason],
                kinds={kind: self._entries[reason][kind] for kind in Kind if self._entries[reason][kind]},
            )
            for reason in ranked
        )

    def opened(self, place: str, code: str) -> int:
        """Return how many incidents of a type nothing else stands in the way of."""
        return self._opened[place, code]

    def unmapped(self, incidents: int) -> tuple[UnmappedDisposition, ...]:
        """Return the dispositions without a class, the commonest first, each as a share of all incidents."""
        return tuple(
            UnmappedDisposition(
                code=MASK.text(code), incidents=number, share=number / incidents, untold=self._untold[code]
            )
            for code, number in sorted(self._unmapped.items(), key=lambda item: (-item[1], item[0]))
        )


class TooLate:
    """Counts messages that would have gone before anybody knew that nothing may be said of their incident."""

    def __init__(self) -> None:
        self._messages: Counter[str] = Counter()
        self._numbers: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, record: IncidentRecord, messages: int) -> None:
        """Count an incident's messages."""
        reason = bar(record)
        if messages and reason:
            self._messages[reason] += messages
            self._numbers[reason].append(record.incident.incident_number)

    def turned(self) -> tuple[Turned, ...]:
        """Return the reasons, the gravest first, as the documentation has them."""
        return tuple(
            Turned(
                reason=reason.value,
                meaning=meaning(reason),
                messages=self._messages[reason],
                incidents=tuple(sorted(self._numbers[reason])),
            )
            for reason in Reason
            if self._messages[reason]
        )


def bar(record: IncidentRecord) -> str:
    """Return why nothing at all is said about an incident, as it stands, or an empty text."""
    reasons = {item.reason for item in record.skipped if not item.recipient}
    barred = len(reasons) == 1 and len(record.skipped) >= len(Kind)
    reason = str(next(iter(reasons))) if barred else ""
    return reason if reason in ABOUT_THE_INCIDENT else ""
