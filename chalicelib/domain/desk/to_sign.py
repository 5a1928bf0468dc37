"""What people sign before going live, with the digest of all that decides what callers would read. Pure.

A digest has every setting but those that say nothing of a text: to go live must not void what was signed for it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.desk.signed import Signer, Subject
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import IncidentType, matches
from chalicelib.domain.settings.judgements import Judgement
from chalicelib.domain.settings.places import places
from chalicelib.domain.text import normal

Templates = Mapping[str, Mapping[str, Any]]
"""The templates that tenfour brings, by language."""

SAYS_NOTHING = frozenset(
    {
        "version",
        "mode",
        "shadow_kinds",
        "incident_types",
        "cities",
        "judgements",
        "numbers",
        "survey",
        "providers",
        "budget",
        "retention",
        "identity",
        "desk",
        "watchers",
        "conversation",
        "institutional_numbers",
        "privacy_link",
        "terms_link",
    }
)
"""Settings that say nothing of what a type's callers read, or whose part that does is added to the digest."""

_LENGTH = 24
_BY_STAFF = frozenset({Signer.RECORDS, Signer.DISPATCH})


class Listed(Struct, frozen=True, kw_only=True):
    """A type as the settings of a place list it; `of` is the digest of what its callers get."""

    id: str
    place: str
    rule: IncidentType
    of: str

    def subject(self, signer: Signer) -> Subject:
        """Return the signature of one of the three, who must be three people."""
        others = frozenset(f"type.{self.id}.{other}" for other in Signer if other is not signer)
        return Subject(name=f"type.{self.id}.{signer}", of=self.of, signers=frozenset({signer}), apart=others)


def types_of(agency: Agency, templates: Templates) -> tuple[Listed, ...]:
    """Return the types of each place, in the order of the settings, with their digests."""
    return tuple(
        Listed(id=_id(place, rule), place=place, rule=rule, of=_of_type(common, rule, local))
        for place, local in places(agency).items()
        for common in (_common(local, templates),)
        for rule in local.incident_types
    )


def kinds_of(agency: Agency) -> tuple[Kind, ...]:
    """Return the kinds that some type's callers get."""
    told = {kind for local in places(agency).values() for rule in local.incident_types for kind in rule.notify}
    return tuple(kind for kind in Kind if kind in told)


def judged(rule: IncidentType, agency: Agency) -> tuple[Judgement, ...]:
    """Return what people of the agency judged of a type's codes, in upper or lower case."""
    codes = {normal(code) for code in rule.codes}
    found = (one for one in agency.judgements.in_order if one.field == "incident_type" and one.value)
    return tuple(one for one in found if normal(one.value) in codes or matches(rule.codes, one.value))


def stop(agency: Agency) -> Subject:
    """Return that STOP was tried on a real phone, at each number that people may answer to."""
    return Subject(name="stop", of=_digest("stop", agency.numbers.texting), signers=_BY_STAFF)


def counsel(agency: Agency) -> Subject:
    """Return that counsel agreed in writing: to these kinds, by these channels, in these languages."""
    told = ("counsel", kinds_of(agency), agency.channels, agency.spoken, agency.country, agency.text_to_911)
    return Subject(name="counsel", of=_digest(*told), signers=_BY_STAFF, needs_reference=True)


def advocate(agency: Agency, templates: Templates) -> Subject:
    """Return that the advocate read the texts, and the types of which nobody is told."""
    silent = (agency.sensitive_types, agency.never_types, agency.after_close_types, agency.overridden_types)
    told = [_words(agency, kind, templates) for kind in kinds_of(agency)]
    return Subject(name="advocate", of=_digest("advocate", silent, told), signers=frozenset({Signer.ADVOCATE}))


def campaign(agency: Agency, kind: Kind) -> Subject:
    """Return that a kind is of a campaign that carriers registered for the numbers that it goes from."""
    senders = [agency.numbers.sender(provider, "sms") for provider in agency.providers.sms]
    return Subject(name=f"campaign.{kind}", of=_digest("campaign", kind, senders), signers=_BY_STAFF)


def words(agency: Agency, kind: Kind, templates: Templates) -> Subject:
    """Return that the records lead read a kind's words, in each language."""
    of = _digest("words", kind, _words(agency, kind, templates))
    return Subject(name=f"words.{kind}", of=of, signers=frozenset({Signer.RECORDS}))


def subjects(agency: Agency, templates: Templates) -> Iterator[Subject]:
    """Yield everything that somebody may sign."""
    yield from (stop(agency), counsel(agency), advocate(agency, templates))
    for kind in kinds_of(agency):
        yield campaign(agency, kind)
        yield words(agency, kind, templates)
    for listed in types_of(agency, templates):
        yield from map(listed.subject, Signer)


def _id(place: str, rule: IncidentType) -> str:
    """Return a short name of a type, which stays while its codes do; letters alone look like no phone in a ledger."""
    return _digest("type", place, rule.codes).translate(_LETTERS)[:12]


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def _of_type(common: str, rule: IncidentType, agency: Agency) -> str:
    return _digest("type", common, replace(rule, mode=None), judged(rule, agency))


def _common(agency: Agency, templates: Templates) -> str:
    """Return the digest of what every type's callers read by."""
    own = {name: getattr(agency, name) for name in agency.__struct_fields__ if name not in SAYS_NOTHING}
    said = {language: templates.get(language) for language in agency.spoken}
    return _digest(own, agency.numbers.non_emergency, agency.survey.after, said)


def _words(agency: Agency, kind: Kind, templates: Templates) -> list[object]:
    """Return all words of a kind, without those of other kinds: tenfour's, and the agency's own."""
    own = msgspec.to_builtins(agency.words)
    spoken = [(told.get(language, {}), kind) for told in (templates, own) for language in agency.spoken]
    named = (agency.name, agency.short_name, agency.numbers.non_emergency, agency.resources_link)
    return [named, *(_of_kind(told, which) for told, which in spoken)]


def _of_kind(told: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    others = [other for other in Kind if other is not kind]
    return {
        part: {name: text for name, text in named.items() if not any(_is_of(name, other) for other in others)}
        for part, named in told.items()
        if isinstance(named, Mapping) and not any(part == other for other in others)
    }


def _is_of(name: str, kind: Kind) -> bool:
    return name == kind or name.startswith(f"{kind}_")


def _digest(*told: object) -> str:
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic", enc_hook=str)).hexdigest()[:_LENGTH]
