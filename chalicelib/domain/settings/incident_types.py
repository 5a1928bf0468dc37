"""The parts of an agency's settings: which types it allows, what each gets, where, how often, for how long."""

import fnmatch
import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.domain.duration import Duration
from chalicelib.domain.language import Language
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.providers import NonEmergency

CaseNumberTo = Literal["victim", "caller"]
Anchor = Literal["received_at", "queued_at", "dispatched_at"]
Mode = Literal["shadow", "live"]
TypePattern = Annotated[str, Meta(min_length=1, max_length=64)]
"""An exact code, or a pattern in which `*` is any text and `?` any one character."""

Name = Annotated[str, Meta(min_length=2, max_length=80)]
ShortName = Annotated[str, Meta(min_length=2, max_length=24)]

Codes = tuple[str, ...] | frozenset[str]
Words = dict[str, str | dict[str, str]]
"""Words by kind; those of an outcome by its class."""

USUAL_KINDS = (Kind.ACKNOWLEDGMENT, Kind.DELAY, Kind.OUTCOME, Kind.CASE_NUMBER, Kind.SURVEY)
"""The kinds that an allowed type gets unless its settings say otherwise; `dispatched` has to be asked for."""


class AcknowledgmentRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hold lets a call that is re-typed in its first minute get no text."""

    hold: Duration = Duration(seconds=60)


class DelayRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a caller hears that officers are late; more than one entry repeats the notice."""

    after: Annotated[tuple[Duration, ...], Meta(min_length=1, max_length=3)] = (Duration(minutes=30),)
    anchor: Anchor = "received_at"


class PriorityRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules that differ for one priority; a rule that is left out is as for the others."""

    notify: tuple[Kind, ...] | None = None
    acknowledgment: AcknowledgmentRules | None = None
    delay: DelayRules | None = None


class LanguageWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency's own words in one language, in place of those that tenfour brings."""

    sms: Words = {}
    email: Words = {}


class IncidentType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Types that the agency allows, and what their callers get."""

    codes: Annotated[tuple[TypePattern, ...], Meta(min_length=1)]
    description: Annotated[str, Meta(min_length=1)]
    notify: tuple[Kind, ...] = USUAL_KINDS
    case_number_to: CaseNumberTo = "victim"
    override_sensitive: bool = False
    mode: Mode | None = None
    acknowledgment: AcknowledgmentRules | None = None
    delay: DelayRules | None = None
    priorities: dict[str, PriorityRules] = {}
    words: dict[Language, LanguageWords] = {}


class Caps(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much one person can get; 0 is no cap."""

    per_person_and_day: Annotated[int, Meta(ge=0)] = 6
    per_incident: Annotated[int, Meta(ge=0)] = 6
    survey_every: Duration = Duration(days=30)


class Retention(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long each class of data stays in the tables; `schedule` names the rule of the agency's that says so."""

    schedule: Annotated[str, Meta(max_length=120)] = ""
    incidents: Duration = Duration(days=400)
    history: Duration = Duration(days=90)
    rejected: Duration = Duration(days=30)
    surveys: Duration = Duration(days=400)
    ledger: Duration = Duration(days=2557)


class City(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A city inside a county: its beats, and what is different there; its types take the place of the county's."""

    beats: Annotated[tuple[TypePattern, ...], Meta(min_length=1)]
    name: Name
    short_name: ShortName
    non_emergency: NonEmergency | None = None
    mode: Mode | None = None
    incident_types: tuple[IncidentType, ...] | None = None
    delay: DelayRules | None = None
    acknowledgment: AcknowledgmentRules | None = None


class Rule(Struct, frozen=True, kw_only=True):
    """The rules for one incident's type and priority, once every table that speaks of them has been read."""

    type: IncidentType
    notify: tuple[Kind, ...]
    acknowledgment: AcknowledgmentRules
    delay: DelayRules


def resolve(
    allowed: IncidentType,
    priority: str | None,
    everywhere: PriorityRules,
    acknowledgment: AcknowledgmentRules,
    delay: DelayRules,
) -> Rule:
    """Hear every place that speaks of a type and priority, the most particular first; the last two are the agency's."""
    both = allowed.priorities.get(priority or "", PriorityRules())
    notify = both.notify if both.notify is not None else allowed.notify
    if everywhere.notify is not None and both.notify is None:
        notify = tuple(kind for kind in notify if kind in everywhere.notify)
    return Rule(
        type=allowed,
        notify=notify,
        acknowledgment=both.acknowledgment or allowed.acknowledgment or everywhere.acknowledgment or acknowledgment,
        delay=both.delay or allowed.delay or everywhere.delay or delay,
    )


def is_pattern(code: str) -> bool:
    """Tell whether a code stands for several."""
    return "*" in code or "?" in code


@cache
def type_pattern(codes: Codes) -> re.Pattern[str]:
    """Return what matches any of the codes and patterns, whole, in upper or lower case.

    `fnmatch` writes patterns that never try a star twice, however many there are.
    """
    parts = (fnmatch.translate(code.replace("[", "[[]")) for code in sorted(codes))
    return re.compile("|".join(parts) or "(?!)", re.IGNORECASE)


def matches(codes: Codes, code: str) -> bool:
    """Tell whether a type's code is one of the codes or fits one of the patterns."""
    return type_pattern(codes).fullmatch(code) is not None


def type_problems(field: str, types: tuple[IncidentType, ...]) -> Iterator[str]:
    """Yield what is wrong with a list of types, each beginning with its field."""
    codes = [code for rule in types for code in rule.codes]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        yield f"{field}: {twice[0]} is listed twice"
    for place, rule in enumerate(types):
        if rule.override_sensitive and any(map(is_pattern, rule.codes)):
            yield f"{field}[{place}].codes: an override names each code; a pattern can't be overridden"
