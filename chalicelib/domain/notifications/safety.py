"""The safety floor: incidents that are never texted about, whatever an agency's settings allow.

A list of codes and a list of words in every language check every word that any update used for the nature of an
incident. Calls are downgraded at close, and the decisive word would then be gone. Too much silence costs a text, too
little can cost a life, so each list errs towards silence. The codes are in `sensitive_codes.py`. `sensitive_words.py`
reads the words, all fields of an incident together. They stand in chalicelib/words/phrases.
"""

import re
from functools import cache, lru_cache

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.update import TYPES, Evidence
from chalicelib.domain.notifications import judged
from chalicelib.domain.notifications.sensitive_codes import sensitive_code
from chalicelib.domain.notifications.sensitive_words import Sets, findings, sets_in
from chalicelib.domain.phrases import as_words, families, found, source
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import matches
from chalicelib.domain.text import plain_words


def sensitive_because(incident: Incident, agency: Agency) -> str | None:
    """Return the field and word that make the incident sensitive, as `field: word`, or None.

    A setting's override excuses the words of the type that it names, not those of a modifier or an offence. A release
    excuses the words that were known when it was given, until they are said again.
    """
    released = incident.released_words
    listed = judged.judged_as("sensitive", incident, agency) is not None
    spoken: list[tuple[Evidence, Sets]] = []
    for item in sorted(incident.judged_words):
        if listed and item not in released and "sensitive" in judged.verdicts(item, agency):
            return f"{item.field}: {judged.words(item)}"
        if item.field == "incident_type" and item.code in agency.overridden_types:
            continue
        word, sets = _judged(item, agency)
        if judged.excused(item, agency):
            # A reason excuses from the word lists, and not from what the agency's own list says.
            word, sets = (word if _is_listed(item, agency) else None), {}
        if word and item not in released:
            return f"{item.field}: {word}"
        if sets:
            spoken.append((item, sets))
    return _together(spoken, released) if len(spoken) > 1 else None


def sensitive_word(item: Evidence, agency: Agency) -> str | None:
    """Return the word or code of one piece of evidence that makes it sensitive, or None.

    The words of the agency's code list count as if the dispatch system had said them.
    """
    return _judged(item, agency)[0]


def _judged(item: Evidence, agency: Agency) -> tuple[str | None, Sets]:
    """Return the sensitive word of one piece of evidence, and the sets of words that may be so beside others."""
    listed_meaning = judged.listed_meaning(item, agency)
    word, sets = _caught(item.field, item.code, item.text, listed_meaning)
    if not (word or listed_meaning):
        told = (_caught(item.field, item.code, item.text, meaning) for meaning in agency.judgements.meanings(item))
        word, sets = next((found for found in told if found[0]), (word, sets))
    return (item.code or item.text) if _is_listed(item, agency) else word, sets


def _is_listed(item: Evidence, agency: Agency) -> bool:
    """Tell whether the agency's own list adds a value to the safety floor."""
    if not agency.sensitive_types:
        return False
    words = {plain_words(item.code), plain_words(item.text)}
    return not words.isdisjoint(_listed(agency.sensitive_types)) or _fits(item, agency.sensitive_types)


def guarded(incident: Incident, agency: Agency) -> bool:
    """Tell whether texts must wait for closing: in progress, injury, medical, hang-up or the highest priority."""
    urgent = (incident.facts.priority or "").casefold() in agency.most_urgent
    listed = any(_fits(item, agency.after_close_types) for item in incident.evidence)
    listed = listed or judged.judged_as("after_close", incident, agency) is not None
    return urgent or listed or _is_said_to_be("guarded", incident, agency)


def welfare(incident: Incident, agency: Agency) -> bool:
    """Tell whether the incident is about somebody's welfare or about keeping the peace."""
    listed = judged.judged_as("welfare", incident, agency) is not None
    return listed or _is_said_to_be("welfare", incident, agency)


def never(incident: Incident, agency: Agency) -> str | None:
    """Return the words that the agency never texts about, whichever update used them, or None."""
    listed = (item.code or item.text for item in sorted(incident.evidence) if is_never(item, agency))
    return (next(listed, None) if agency.never_types else None) or judged.judged_as("never", incident, agency)


def classes(item: Evidence, agency: Agency) -> frozenset[str]:
    """Return what the word lists think of one piece of evidence beside sensitive: `guarded`, `welfare`."""
    return _classes(item.code, item.text, judged.listed_meaning(item, agency))


def is_never(item: Evidence, agency: Agency) -> bool:
    """Tell whether the agency never texts about a type that an update used."""
    return _fits(item, agency.never_types)


@cache
def _guarded_words() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(families('guarded').values())})\b")


@cache
def _harmless() -> re.Pattern[str]:
    """Return a pattern for words that deny harm or say that it is over; they excuse the words of harm."""
    unhurt = rf"\b(?:{source('unhurt_before')}) ?(?:{source('unhurt')})(?! unk)"
    return re.compile(f"{unhurt}|{as_words(source('harmless'))}")


def _together(spoken: list[tuple[Evidence, Sets]], released: frozenset[Evidence]) -> str | None:
    """Return the fields and words that are sensitive only together, with one that was not released, or None."""
    words: Sets = {}
    fields: dict[int, str] = {}
    fresh: set[int] = set()
    for item, sets in spoken:
        for number, word in sets.items():
            words.setdefault(number, word)
            fields.setdefault(number, item.field)
        fresh |= sets.keys() if item not in released else set()
    for finding in findings(words):
        if fresh & finding.sets:
            places = dict.fromkeys(fields[number] for number in sorted(finding.sets))
            return f"{', '.join(places)}: {finding.words}"
    return None


@lru_cache(maxsize=8192)
def _caught(field: str, code: str, text: str, meaning: str) -> tuple[str | None, Sets]:
    """Return the first sensitive code or word in a code and its description, or None, and its sets of words.

    Codes of law are compared with each word of a code, but not of a description: there a number is only a number.
    """
    coded = code if field in ("incident_type", "dispositions") else f"{code} {text}"
    bare = not meaning and not (code and text)
    told = sensitive_code(coded, offense=field == "offenses", bare=bare)
    sets = sets_in(code, text, meaning)
    finding = next(findings(sets), None)
    return told or (finding.words if finding else None), sets


@lru_cache(maxsize=8192)
def _classes(*texts: str) -> frozenset[str]:
    words = plain_words(" ".join(texts))
    harm, welfare = _guarded_words().search(_harmless().sub(" ", words)), found("welfare").search(words)
    return frozenset(name for name, match in (("guarded", harm), ("welfare", welfare)) if match)


def _is_said_to_be(name: str, incident: Incident, agency: Agency) -> bool:
    """Tell whether any word about the nature is of a class; a disposition of a duplicate says how that one ended."""
    return any(item.field != "dispositions" and name in classes(item, agency) for item in incident.evidence)


def _fits(item: Evidence, codes: frozenset[str]) -> bool:
    return bool(codes) and item.field in TYPES and any(matches(codes, word) for word in (item.code, item.text) if word)


@lru_cache(maxsize=64)
def _listed(codes: frozenset[str]) -> frozenset[str]:
    return frozenset(map(plain_words, codes)) - {""}
