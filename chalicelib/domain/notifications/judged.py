"""Everything that was ever heard of an incident's nature, held against the vocabulary that the agency judged.

Facts can be taken back, evidence can't: an incident has the verdicts of every word that any update used.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.update import TYPES, Evidence
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import Verdict, Verdicts
from chalicelib.domain.text import normal

_REMEMBERED = 10_000

MOST_NEW, LONGEST_NEW = 20, 400
"""New values of one incident at once, and characters of one: what is beyond is free text, which no list can judge."""


def verdicts(item: Evidence, agency: Agency) -> Verdicts:
    """Return what people of the agency say of one piece of evidence; nothing where nobody judged it."""
    return agency.judgements.of(item, listed_meaning(item, agency))


def excused(item: Evidence, agency: Agency) -> bool:
    """Tell whether two people gave a reason why this value may be texted about, although it looks sensitive."""
    return agency.judgements.excuses(item, listed_meaning(item, agency))


def judged_as(verdict: Verdict, incident: Incident, agency: Agency) -> str | None:
    """Return the words that were judged so, whichever update used them, or None."""
    if verdict not in _all(incident, agency):
        return None
    return next((words(item) for item in _sorted(incident, agency) if verdict in verdicts(item, agency)), None)


def not_judged(incident: Incident, agency: Agency) -> str | None:
    """Return the field and words of the incident's nature that nobody judged, as `field: words`, or None."""
    return next((f"{item.field}: {words(item)}" for item in unjudged(incident, agency)), None)


def unjudged(incident: Incident, agency: Agency) -> Iterator[Evidence]:
    """Yield all that was said of the incident's nature and that nobody judged.

    A release judges, for this incident alone, the words that were known when it was given.
    """
    if None not in _all(incident, agency):
        return
    released = incident.released_words
    yield from (item for item in _sorted(incident, agency) if item not in released and not verdicts(item, agency))


def first_unjudged(before: Incident, incident: Incident, agency: Agency) -> tuple[Evidence, ...]:
    """Return the values that nobody judged and that an incident did not have before, each as a judgement names it.

    Two spellings of one are one. What is too long or too many for a list is left out.
    """
    waiting = {compared(value): value for value in (named(item, agency) for item in unjudged(incident, agency))}
    known = {compared(named(item, agency)) for item in nature(before, agency)} if waiting else set()
    new = (value for key, value in sorted(waiting.items()) if key not in known)
    return tuple(value for value in new if len(value.code) <= LONGEST_NEW >= len(value.text))[:MOST_NEW]


def named(item: Evidence, agency: Agency) -> Evidence:
    """Return a value as a judgement names it: a type by its code and meaning, anything else by itself."""
    if item.field not in TYPES:
        return Evidence(item.field, code=item.code or item.text)
    meaning = item.text if item.code else ""
    return Evidence("incident_type", item.code or item.text, meaning or listed_meaning(item, agency))


def compared(item: Evidence) -> Evidence:
    """Return a value as values are compared: two spellings of one are equal."""
    return Evidence(item.field, normal(item.code), normal(item.text))


def nature(incident: Incident, agency: Agency) -> frozenset[Evidence]:
    """Return all that was ever said of the nature; with dispositions only where the agency judges them."""
    if agency.judgements.judged_dispositions:
        return incident.judged_words
    return _without_dispositions(incident.evidence)


@lru_cache(maxsize=8192)
def _without_dispositions(said: frozenset[Evidence]) -> frozenset[Evidence]:
    """Return the words without dispositions, which a rejected update may have left among them."""
    return frozenset(item for item in said if item.field != "dispositions")


def listed_meaning(item: Evidence, agency: Agency) -> str:
    """Return the description of a type in the agency's code list; "" where it has none."""
    return agency.meaning(item.code or item.text) if item.field in TYPES else ""


def words(item: Evidence) -> str:
    """Return a value as people read it: a code with its description."""
    return " = ".join(dict.fromkeys(part for part in (item.code, item.text) if part))


def _all(incident: Incident, agency: Agency) -> tuple[Verdict | None, ...]:
    """Return every verdict on an incident; None among them says that something was not judged."""
    remembered, said = agency.remembered_verdicts, nature(incident, agency)
    known = remembered.get(said)
    if known is None:
        if len(remembered) >= _REMEMBERED:
            remembered.clear()
        known = remembered[said] = _judge(said, agency)
    return known


def _judge(items: Iterable[Evidence], agency: Agency) -> tuple[Verdict | None, ...]:
    return tuple({verdict for item in items for verdict in verdicts(item, agency) or (None,)})


def _sorted(incident: Incident, agency: Agency) -> list[Evidence]:
    return sorted(nature(incident, agency))
