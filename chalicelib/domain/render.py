"""From a decision to the words that a person reads."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment
from msgspec import Struct, to_builtins

from chalicelib.domain.agency import Agency
from chalicelib.domain.incident import Incident
from chalicelib.domain.language import Language
from chalicelib.domain.notification import Channel
from chalicelib.domain.rules import LanguageWords
from chalicelib.domain.segments import segment_count

Words = Mapping[str, Any]
"""Templates by channel and kind, as jinja2 source; those of an outcome by its class."""

_BROKEN = (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a template can raise; settings are checked before they are published, but a text must never stop the others."""

_NEEDED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const),
    *(nodes.If, nodes.CondExpr, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand),
)
"""Fields and conditions are all that words need. A loop, a call, a filter or a sum can fill a function's memory or its
time, sandbox or not: `{{ 9**9**9 }}` would be worked out while it is compiled."""

_PLAIN_TEXT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)


class Unrenderable(ValueError):
    """Words that are missing, or that need a field which the incident does not have."""


class Message(Struct, frozen=True, kw_only=True):
    """A notification in words; `segments` is 0 for an email, `unsubscribe` is the link by which one ends them."""

    body: str
    subject: str = ""
    segments: int = 0
    unsubscribe: str = ""


def fields(incident: Incident, agency: Agency, link: str, unsubscribe: str = "", code: str = "") -> dict[str, str]:
    """Return what templates may say. There is no name, address or nature of the call to leak."""
    return {
        "agency": agency.short_name,
        "agency_name": agency.name,
        "incident_number": incident.incident_number,
        "case_number": ", ".join(incident.facts.case_numbers or ()),
        "non_emergency": agency.numbers.non_emergency,
        "resources_link": agency.resources_link,
        "link": link,
        "unsubscribe": unsubscribe,
        "code": code,
        "question": "",
    }


def sources(
    of_type: Mapping[Language, LanguageWords], agency: Agency, language: Language, usual: Words
) -> tuple[Words, ...]:
    """Return where words are looked for: those of the incident's type, the agency's own, then the usual ones."""
    return (*(to_builtins(words[language]) for words in (of_type, agency.words) if language in words), usual)


def render(words: Sequence[Words], kind: str, variant: str, channel: Channel, values: Mapping[str, str]) -> Message:
    """Return the message in the first words that there are for its channel, kind and variant; Unrenderable.

    A kind is one of `Kind`; of a survey there are several words (`survey_reply`, `survey_b`, …).
    """
    body = fill(_source(words, channel, kind, variant), values)
    if channel == "sms":
        return Message(body=body, segments=segment_count(body))
    subject, footer = (fill(_source(words, channel, part), values) for part in ("subject", "footer"))
    return Message(subject=subject, body=f"{body}\n\n{footer}")


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
    """Return a text with its fields in; Unrenderable."""
    try:
        return _template(source).render(values)
    except _BROKEN as problem:
        raise Unrenderable(str(problem)) from problem


def parse(source: str) -> nodes.Template:
    """Return a text's syntax; Unrenderable for what is more than fields and conditions, TemplateSyntaxError."""
    tree = _PLAIN_TEXT.parse(source)
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _NEEDED):
            raise Unrenderable(f"only fields and conditions are allowed, no {type(node).__name__.lower()}")
    return tree


@cache
def _template(source: str) -> Template:
    return _PLAIN_TEXT.from_string(parse(source))
