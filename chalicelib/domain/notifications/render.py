"""Render a notification: fill in the words that a person reads."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.language import Language
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.identifiers import call_shown, cases_shown, closed_up
from chalicelib.domain.notifications.notification import Channel
from chalicelib.domain.notifications.segments import segment_count
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import LanguageWords

Words = Mapping[str, Any]
"""Templates by channel and kind, as jinja2 source; an outcome has one for each class."""


_STOP = re.compile(r"\b(STOP|ALTO)\b")


class Unrenderable(ValueError):
    """The error for missing words, or words with a field that the incident does not have."""


class Message(Struct, frozen=True, kw_only=True):
    """A rendered notification; `segments` is 0 for an email, `unsubscribe` is the link that ends such emails.

    `template` names the words that were filled in: the same name means the same words.
    """

    body: str
    subject: str = ""
    segments: int = 0
    unsubscribe: str = ""
    template: str = ""


def fields(incident: Incident, agency: Agency, link: str, unsubscribe: str = "", code: str = "") -> dict[str, str]:
    """Return the fields that templates may use; names, addresses and the call's nature are not among them."""
    return {
        "agency": agency.short_name,
        "agency_name": agency.name,
        "incident_number": call_shown(incident, agency),
        "case_number": cases_shown(incident.facts.case_numbers or (), agency),
        "non_emergency": agency.numbers.non_emergency,
        "resources_link": agency.resources_link,
        "link": link,
        "unsubscribe": unsubscribe,
        "code": code,
        "real": agency.real_link,
        "question": "",
    }


def sources(
    of_type: Mapping[Language, LanguageWords], agency: Agency, language: Language, usual: Words
) -> tuple[Words, ...]:
    """Return the templates in the order of looking: the type's own, the agency's, then the usual ones."""
    return (*(to_builtins(words[language]) for words in (of_type, agency.words) if language in words), usual)


def render(words: Sequence[Words], kind: str, variant: str, channel: Channel, values: Mapping[str, str]) -> Message:
    """Return the message from the first templates that have its channel, kind and variant; Unrenderable.

    A kind is one of `Kind`, or for surveys another set of words, such as `survey_reply` or `survey_b`.
    """
    if kind == Kind.CASE_NUMBER and not values["case_number"]:
        raise Unrenderable("no case number that people may read")
    parts = ((kind, variant),) if channel == "sms" else ((kind, variant), ("subject",), ("footer",))
    texts = [_source(words, channel, *part) for part in parts]
    template = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]
    body, *rest = (closed_up(fill(text, values)) for text in texts)
    if channel == "sms":
        return Message(body=body, segments=segment_count(body), template=template)
    subject, footer = rest
    return Message(subject=subject, body=f"{body}\n\n{footer}", template=template)


def with_way_out(message: Message, endings: Sequence[str]) -> Message:
    """Return a text that says how to get no more, by the longest ending that adds no segment; else by the shortest."""
    if _STOP.search(message.body):
        return message
    bodies = [message.body.rstrip() + " " + ending for ending in endings]
    body = next((each for each in bodies if segment_count(each) <= message.segments), bodies[-1])
    return replace(message, body=body, segments=segment_count(body), template=f"{message.template}-first")


def _source(words: Sequence[Words], *path: str) -> str:
    found = next((text for text in _found(words, path) if isinstance(text, str)), None)
    if found is None:
        raise Unrenderable(f"no words for {'.'.join(filter(None, path))}")
    return found


def _found(words: Sequence[Words], path: tuple[str, ...]) -> Iterator[Any]:
    for found in words:
        place: Any = found
        for name in filter(None, path):
            place = place.get(name) if isinstance(place, Mapping) else None
        yield place


def fill(source: str, values: Mapping[str, str]) -> str:
    """Return a template filled in; Unrenderable."""
    from chalicelib.domain.template import BROKEN, plain_text

    try:
        return plain_text(source).render(values)
    except BROKEN as problem:
        raise Unrenderable(str(problem)) from problem
