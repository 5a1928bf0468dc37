"""What holds messages back for the moment: a pause, a silent feed, and what somebody has got already."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.names import NotificationKey
from rigs.floor.oracle.rules import Rules, fits
from rigs.floor.oracle.state import State

FEED_FRESH = timedelta(minutes=5)
Pause = tuple[str, str]


class Sent:
    """One message that went."""

    def __init__(self, at: datetime, key: NotificationKey, address: str) -> None:
        self.at, self.key, self.address = at, key, address


class Moment:
    """The pauses, the feed, and all that went."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.pauses = set[Pause]()
        self.beats, self.heard_at = True, None
        self.sent: list[Sent] = []
        self.refused = set[str]()
        """Whose messages a provider did not take: each was counted all the same."""

    heard_at: datetime | None

    def paused(self, number: str, kind: str) -> bool:
        """Tell whether a pause holds a message."""
        facts = self._state.of(number).facts
        for of, which in self.pauses:
            patterns = {"type": facts.get("incident_type"), "beat": facts.get("beat")}
            if of == "agency" or which in (number, kind) or (of in patterns and fits([which], patterns[of])):
                return True
        return False

    def feed_silent(self, now: datetime) -> bool:
        """Tell whether dispatch was not heard for so long that officers may be there."""
        return not self.beats and (self.heard_at is None or now - self.heard_at > FEED_FRESH)

    def capped(self, number: str, kind: str, addresses: Iterable[str], days: Iterable[datetime]) -> list[str]:
        """Return which caps leave no room for one more message to a person."""
        rules = self._state.book.rules
        mine = [one for one in self.sent if one.address in {*addresses}]
        here = [one for one in mine if one.key.incident_number == number]
        by_day = Counter((one.address, _day(one.at, rules)) for one in mine)
        full = any(by_day[address, _day(day, rules)] >= rules.cap_a_day for address in addresses for day in days)
        surveys = [one.at for one in mine if one.key.kind == "survey"]
        lately = any(abs(day - at) < rules.survey_every for at in surveys for day in days)
        bars = {
            "more than a day's": rules.cap_a_day > 0 and full,
            "more than an incident's": 0 < rules.cap_here <= len(here),
            "asked lately": kind == "survey" and lately,
        }
        return [name for name, holds in bars.items() if holds]

    def told(self, numbers: Iterable[str], kind: str, ordinal: int | None, addresses: Iterable[str]) -> bool:
        """Tell whether a person got this news about one of these incidents; without an ordinal any news of the kind."""
        about, people = {*numbers}, {*addresses}
        return any(
            one.address in people
            and one.key.incident_number in about
            and one.key.kind == kind
            and ordinal in (None, one.key.ordinal)
            for one in self.sent
        )


def _day(at: datetime, rules: Rules) -> tuple[int, int, int]:
    local = at.astimezone(rules.zone)
    return local.year, local.month, local.day
