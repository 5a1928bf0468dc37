"""The words that nobody has judged, by the incidents that they silence."""

from collections import Counter

from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.notifications import judged
from chalicelib.domain.notifications.judged import compared, named
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.settings.worklist import looks
from chalicelib.insight.shadow.people import MASK
from chalicelib.insight.shadow.report import UnjudgedValue
from chalicelib.insight.shadow.why import bar


class Unjudged:
    """Counts incidents as they come, under the settings as they are now."""

    def __init__(self) -> None:
        self.incidents = 0
        self._spelling: dict[Evidence, Evidence] = {}
        self._heard: Counter[Evidence] = Counter()
        self._opened: Counter[Evidence] = Counter()

    def add(self, record: IncidentRecord, agency: Agency) -> None:
        """Count an incident's words that nobody has judged."""
        said = (named(item, agency) for item in judged.unjudged(record.incident, agency))
        values = {self._spelling.setdefault(compared(item), item) for item in said}
        self.incidents += bool(values)
        self._heard.update(values)
        if len(values) == 1 and bar(record) == Reason.NOT_JUDGED:
            self._opened.update(values)

    def values(self, incidents: int, agency: Agency) -> tuple[UnjudgedValue, ...]:
        """Return the values, that of most incidents first, each as a share of all incidents."""
        return tuple(
            UnjudgedValue(
                field=item.field,
                words=MASK.text(judged.words(item)),
                incidents=number,
                share=number / incidents,
                opened=self._opened[item],
                looks=looks(item, agency),
            )
            for item, number in sorted(self._heard.items(), key=lambda each: (-each[1], each[0]))
        )
