"""The words that people would read, and their cost."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.identity import shown_number
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.language import Language
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Channel
from chalicelib.domain.notifications.render import Unrenderable, render
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import LanguageWords
from chalicelib.insight.settings.lint_texts import OUTCOMES
from chalicelib.insight.settings.lint_types import type_lists
from chalicelib.insight.settings.samples import SEGMENT_PRICE, TYPICAL, Values, chain, dollars, longest, values

CHANNELS: Mapping[Channel, str] = {"sms": "text messages", "email": "emails"}


class Previewed(Struct, frozen=True, kw_only=True):
    """One notification as one person would read it; `types` are those whose own words it has."""

    language: Language
    channel: Channel
    kind: Kind
    variant: str
    types: str
    sample: str
    subject: str
    body: str
    segments: int
    problem: str = ""

    @property
    def title(self) -> str:
        """Return what tells it from the others of its language and channel."""
        name = f"{self.kind}: {self.variant}" if self.variant else str(self.kind)
        return f"{name} (words of {self.types})" if self.types else name

    @property
    def price(self) -> str:
        """Return its length, its segments and what they cost; an email costs next to nothing."""
        if self.channel == "email":
            return f"{len(self.body)} characters"
        parts = "1 segment" if self.segments == 1 else f"{self.segments} segments"
        return f"{parts}, {len(self.body)} characters, {dollars(self.segments)}"


def samples(agency: Agency, incident_number: str | None, case_number: str | None) -> dict[str, Values]:
    """Return the values to try: usual ones, the longest, and what was given as real."""
    tried: dict[str, Values] = {"typical": values(agency, *TYPICAL), "longest": longest(agency)}
    if agency.identity.cad == "always":
        tried["no number yet"] = values(agency, "", TYPICAL[1])
    if incident_number or case_number:
        tried["real"] = values(agency, incident_number or TYPICAL[0], case_number or TYPICAL[1])
    return tried


def numbers_of(incident: Incident, case_number: str | None) -> tuple[str | None, str | None]:
    """Return a real incident's number, and its case numbers, or the one that was given where it has none."""
    return shown_number(incident) or None, ", ".join(incident.facts.case_numbers or ()) or case_number


def preview(agency: Agency, tried: Mapping[str, Values]) -> tuple[Previewed, ...]:
    """Return every kind in every language and channel with each sample, and again for types with words of their own."""
    return tuple(
        _one(agency, own, types, language, channel, kind, variant, (sample, told))
        for language in agency.spoken
        for channel in agency.channels
        for kind in Kind
        for variant in (OUTCOMES if kind is Kind.OUTCOME else ("",))
        for types, own in _with_words(agency, language, channel, kind)
        for sample, told in tried.items()
    )


def _with_words(
    agency: Agency, language: Language, channel: Channel, kind: Kind
) -> Iterator[tuple[str, Mapping[Language, LanguageWords]]]:
    """Yield the agency's words, then those of each type that has its own for this kind."""
    yield "", {}
    for _, types in type_lists(agency):
        for rule in types:
            own = rule.words.get(language)
            if own and kind in getattr(own, channel):
                yield ", ".join(rule.codes), rule.words


def _one(
    agency: Agency,
    own: Mapping[Language, LanguageWords],
    types: str,
    language: Language,
    channel: Channel,
    kind: Kind,
    variant: str,
    sample: tuple[str, Values],
) -> Previewed:
    name, told = sample
    # A survey alone carries its link; elsewhere the field is empty, as it is when the text is sent.
    fields = told if kind is Kind.SURVEY else {**told, "link": ""}
    empty = Previewed(
        language=language,
        channel=channel,
        kind=kind,
        variant=variant,
        types=types,
        sample=name,
        subject="",
        body="",
        segments=0,
    )
    try:
        message = render(chain(own, agency, language), kind, variant, channel, fields)
    except Unrenderable as problem:
        return replace(empty, problem=str(problem))
    return replace(empty, subject=message.subject, body=message.body, segments=message.segments)


def as_json(previewed: Sequence[Previewed]) -> list[dict[str, Any]]:
    """Return a preview for programs."""
    return [
        {name: getattr(one, name) for name in one.__struct_fields__} | {"cost": round(one.segments * SEGMENT_PRICE, 3)}
        for one in previewed
    ]
