"""Checks of fields: what can't be read, what must not be sent, and what is not known."""

import difflib
import re
from collections.abc import Iterator

from chalicelib.domain.incidents.facts import Link, Unit
from chalicelib.domain.phones import PhoneProblem, clean_phone
from chalicelib.inbound.cad.loosely import texts
from chalicelib.inbound.cad.update_fields import PartyBody, UpdateBody
from chalicelib.inbound.mapping.file import NEVER_SENT
from chalicelib.insight.certify.post import Told
from chalicelib.insight.certify.read import Run
from chalicelib.insight.certify.verdict import Verdict, verdict

_UPDATE = frozenset({*UpdateBody.__struct_fields__, "incident_id"})
_PARTY, _LINK = frozenset(PartyBody.__struct_fields__), frozenset({*Link.__struct_fields__, "incident_id"})
_UNIT = frozenset(Unit.__struct_fields__)
_PRIVATE = re.compile(
    r"(?:^|_)(?:name|address|addr|street|location|lat|latitude|lon|lng|longitude|geo|narrative|remarks?|comments?|notes?"
    r"|plate|licen[cs]e|vin)(?:_|$)"
)
_UNREADABLE = (PhoneProblem.INVALID, PhoneProblem.REDACTED)
_ONE_IN = 5
_EXPLAINED = re.compile(r"^updates\[\d+\]\.(?:as_of|\w+_at|scheduled_for|exercise)\b|party_id: required")
_QUOTED = re.compile(r"value '.*?'(?=:|$)")


def snake(name: str) -> str:
    """Return a field's name in small letters with underscores, however it was written."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")


def fields(run: Run) -> Verdict:
    """Each update can be taken."""
    findings = (
        f"{told.where}: {_QUOTED.sub('value', told.error)}"
        for told in run.news
        if told.error and told.call and not told.is_unclear and not _EXPLAINED.search(told.error)
    )
    return verdict(findings, run.news)


def persons(run: Run) -> Verdict:
    """No field holds a person's name, an address or a narrative."""
    if run.mapper:
        return verdict((), run.news, ("The payload is read by a mapping, which takes only the fields that it names.",))
    return verdict(
        (f"{told.where}: {path}" for told in run.news for path, _ in unknown(told) if is_private(path)), run.news
    )


def is_private(path: str) -> bool:
    """Tell whether a field's name is of what no update has."""
    name = snake(path.rpartition(".")[2])
    return bool(NEVER_SENT.search(name) or _PRIVATE.search(name))


def unknown(told: Told) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the path of each field that the webhook does not know, and those that it knows there."""
    yield from ((name, _UPDATE) for name in told.told.keys() - _UPDATE)
    for place, known in (("reporting_parties", _PARTY), ("linked_to", _LINK), ("units", _UNIT)):
        value = told.told.get(place)
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                yield from ((f"{place}.{name}", known) for name in entry.keys() - known)


def names(run: Run) -> Verdict:
    """Fields have the names of the documents: a misspelt one is passed over."""
    if run.mapper:
        return verdict(
            (), run.news, ("The payload is read by a mapping: `tenfour mapping check` shows what it passes over.",)
        )
    findings, passed_over = list[str](), set[str]()
    for told in run.news:
        for path, known in sorted(unknown(told)):
            meant = _meant(path.rpartition(".")[2], known)
            if meant:
                findings.append(f"{told.where}: {path} is passed over. Is {meant} meant?")
            elif not is_private(path):
                passed_over.add(path)
    notes = [f"Passed over, and never stored: {', '.join(sorted(passed_over))}."] if passed_over else []
    return verdict(findings, run.news, notes)


def _meant(name: str, known: frozenset[str]) -> str:
    plain = snake(name)
    return next(iter([plain] if plain in known else difflib.get_close_matches(plain, known, 1, 0.85)), "")


def phones(run: Run) -> Verdict:
    """Phones can be read."""
    country = run.mapper.mapping.country if run.mapper else run.country
    seen = [
        (told, clean_phone(text, country).problem)
        for told in run.news
        for party in told.parties
        for text in texts(party.get("phone"))
    ]
    unreadable = [told for told, problem in seen if problem in _UNREADABLE]
    words = [f"{told.where}: a phone can't be read" for told in unreadable]
    if len(unreadable) * _ONE_IN > len(seen):
        return verdict(words, seen)
    return verdict((), seen, [f"{len(words)} of {len(seen)} phones can't be read."] if words else [])


def types(run: Run) -> Verdict:
    """A type that is a bare code is also told in words."""
    codes: dict[str, Told] = {}
    described = set[str]()
    for told in run.news:
        for code in texts(told.told.get("incident_type")):
            codes.setdefault(code, told)
            if any(texts(told.told.get("incident_type_description"))):
                described.add(code)
    findings = (
        f"{told.where}: nothing says in words what the type {code[:64]} is"
        for code, told in codes.items()
        if code not in described and _is_opaque(code)
    )
    return verdict(findings, codes)


def _is_opaque(code: str) -> bool:
    """Tell whether a code says nothing by itself: it has digits, or hardly any letters."""
    return bool(re.search(r"\d", code)) or len(re.findall(r"[A-Za-z]", code)) < len("fire") - 1


def contact(run: Run) -> Verdict:
    """Not everybody is marked as unsafe to contact."""
    marks = [party.get("safe_to_contact") is False for told in run.news for party in told.parties]
    findings = ["every reporting party has safe_to_contact false: leave it out where nobody said so"]
    return verdict(findings if len(marks) > 1 and all(marks) else (), marks)
