"""From a decision to the words that a person reads."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from msgspec import Struct

from chalicelib.domain.agency import Agency
from chalicelib.domain.identity import Kind
from chalicelib.domain.incident import Incident
from chalicelib.domain.notification import Channel
from chalicelib.domain.segments import segment_count

_PLAIN_TEXT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)


class Unrenderable(ValueError):
    """Words that are missing, or that need a field which the incident does not have."""


class Message(Struct, frozen=True, kw_only=True):
    """A notification in words; `segments` is 0 for an email."""

    body: str
    subject: str = ""
    segments: int = 0


def fields(incident: Incident, agency: Agency, link: str) -> dict[str, str]:
    """Return what templates may say. There is no name, address or nature of the call to leak."""
    return {
        "agency": agency.short_name,
        "agency_name": agency.name,
        "incident_number": incident.incident_number,
        "case_number": ", ".join(incident.facts.case_numbers or ()),
        "non_emergency": agency.numbers.non_emergency,
        "resources_link": agency.resources_link,
        "link": link,
    }


def render(words: Mapping[str, Any], kind: Kind, variant: str, channel: Channel, values: Mapping[str, str]) -> Message:
    """Return the message in the words of its channel, kind and variant; Unrenderable where they fail."""
    body = _fill(_source(words, channel, kind, variant), values)
    if channel == "sms":
        return Message(body=body, segments=segment_count(body))
    subject, footer = (_fill(_source(words, channel, part), values) for part in ("subject", "footer"))
    return Message(subject=subject, body=f"{body}\n{footer}")


def _source(words: Mapping[str, Any], *path: str) -> str:
    found: Any = words
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) and name else found
    if not isinstance(found, str):
        raise Unrenderable(f"no words for {'.'.join(filter(None, path))}")
    return found


def _fill(source: str, values: Mapping[str, str]) -> str:
    try:
        return _template(source).render(values)
    except TemplateError as problem:
        raise Unrenderable(str(problem)) from problem


@cache
def _template(source: str) -> Template:
    return _PLAIN_TEXT.from_string(source)
