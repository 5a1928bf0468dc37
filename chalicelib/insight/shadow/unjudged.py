"""The words that nobody has judged, by the incidents that they silence."""

from collections import Counter

from msgspec import field
from msgspec.structs import replace

from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.notifications import judged
from chalicelib.domain.notifications.judged import compared, named
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.settings.worklist import looks
from chalicelib.insight.shadow.people import MASK
from chalicelib.insight.shadow.report import UnjudgedValue
from chalicelib.insight.shadow.sums import Sums
from chalicelib.insight.shadow.why import bar


class Unjudged(Sums, kw_only=True):
    """Counts incidents as they come, under the settings as they are now."""

    incidents: int = 0
    spellings: dict[Evidence, Counter[Evidence]] = field(default_factory=dict)
    heard: Counter[Evidence] = field(default_factory=Counter)
    opens: Counter[Evidence] = field(default_factory=Counter)

    def add(self, record: IncidentRecord, agency: Agency) -> None:
        """Count an incident's words that nobody has judged."""
        said = [_masked(named(item, agency)) for item in judged.unjudged(record.incident, agency)]
        for item in said:
            self.spellings.setdefault(compared(item), Counter())[item] += 1
        values = {compared(item) for item in said}
        self.incidents += bool(values)
        self.heard.update(values)
        if len(values) == 1 and bar(record) == Reason.NOT_JUDGED:
            self.opens.update(values)

    def values(self, incidents: int, agency: Agency) -> tuple[UnjudgedValue, ...]:
        """Return the values, that of most incidents first, each as a share of all incidents."""
        named = {item: self._spelling(item) for item in self.heard}
        return tuple(
            UnjudgedValue(
                field=item.field,
                words=judged.words(named[item]),
                incidents=number,
                share=number / incidents,
                opened=self.opens[item],
                looks=looks(named[item], agency),
            )
            for item, number in sorted(self.heard.items(), key=lambda each: (-each[1], named[each[0]]))
        )

    def _spelling(self, item: Evidence) -> Evidence:
        """Return how a value is spelled most often."""
        told = self.spellings[item]
        return min(told, key=lambda one: (-told[one], one))


def _masked(item: Evidence) -> Evidence:
    return replace(item, text=MASK.text(item.text), code=MASK.text(item.code))
