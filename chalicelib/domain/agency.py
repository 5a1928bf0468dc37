"""An agency: everything that it decides for itself, as its settings file says it."""

import re
from datetime import tzinfo
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct

from chalicelib.domain.duration import Duration
from chalicelib.domain.hours import Window
from chalicelib.domain.identity import Kind
from chalicelib.domain.survey import DEFAULT_QUESTIONS, Question

AgencyId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,23}$")]
ShortName = Annotated[str, Meta(min_length=2, max_length=24)]
CaseNumberTo = Literal["victim", "caller"]
Anchor = Literal["received_at", "queued_at", "dispatched_at"]
Mode = Literal["shadow", "live"]
OutcomeClass = Literal["handled", "unable_to_locate", "lookout", "report_taken", "cancelled"]

USUAL_KINDS = (Kind.ACKNOWLEDGMENT, Kind.DELAY, Kind.OUTCOME, Kind.CASE_NUMBER, Kind.SURVEY)
"""What an allowed type gets unless its settings say otherwise; `dispatched` has to be asked for."""


class IncidentType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Types that the agency allows, and what their callers get."""

    codes: Annotated[tuple[str, ...], Meta(min_length=1)]
    description: Annotated[str, Meta(min_length=1)]
    notify: tuple[Kind, ...] = USUAL_KINDS
    case_number_to: CaseNumberTo = "victim"
    override_sensitive: bool = False


class Numbers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the agency is reached, and what it sends from."""

    non_emergency: Annotated[str, Meta(min_length=3, max_length=14)]
    sms_from: Annotated[str, Meta(pattern=r"^(\+[1-9][0-9]{6,14}|[1-9][0-9]{2,7})$")]
    email_from: Annotated[str, Meta(pattern=r"^[^@]+@[^@]+$")]


class AcknowledgmentRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hold lets a call that is re-typed in its first minute get no text."""

    hold: Duration = Duration(seconds=60)


class DelayRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a caller hears that officers are late; more than one entry repeats the notice."""

    after: Annotated[tuple[Duration, ...], Meta(min_length=1, max_length=3)] = (Duration(minutes=30),)
    anchor: Anchor = "received_at"


class SurveyRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is asked how it went, when, and what."""

    link: Annotated[str, Meta(max_length=64, pattern=r"^https?://[^\s?#]+[^\s?#/]$")]
    after: Duration = Duration(hours=18)
    outcomes: tuple[OutcomeClass, ...] = ("handled", "report_taken")
    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=12)] = DEFAULT_QUESTIONS


class Caps(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much one person can get; 0 is no cap."""

    per_person_and_day: Annotated[int, Meta(ge=0)] = 6
    per_incident: Annotated[int, Meta(ge=0)] = 6
    survey_every: Duration = Duration(days=30)


class Retention(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long each class of data stays in the tables."""

    incidents: Duration = Duration(days=400)
    history: Duration = Duration(days=90)
    rejected: Duration = Duration(days=30)
    surveys: Duration = Duration(days=400)


class Agency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One agency's settings: the file, the published version and what `plan` reads are this one type."""

    agency_id: AgencyId
    name: Annotated[str, Meta(min_length=2, max_length=80)]
    short_name: ShortName
    time_zone: str
    numbers: Numbers
    survey: SurveyRules
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")] = "US"
    language: Literal["en"] = "en"
    mode: Mode = "shadow"
    incident_types: tuple[IncidentType, ...] = ()
    sensitive_types: frozenset[str] = frozenset()
    highest_priorities: frozenset[str] = frozenset({"0", "1", "E"})
    institutional_numbers: frozenset[str] = frozenset()
    dispositions: dict[str, OutcomeClass] = {}
    acknowledgment: AcknowledgmentRules = AcknowledgmentRules()
    delay: DelayRules = DelayRules()
    hours: dict[Kind, Window] = {}
    caps: Caps = Caps()
    retention: Retention = Retention()
    resources_link: Annotated[str, Meta(max_length=40, pattern=r"^(https?://\S+)?$")] = ""
    silence: Duration = Duration(days=90)
    mass_call: Annotated[int, Meta(ge=2)] = 5
    version: int = 0

    def __post_init__(self) -> None:
        """Refuse what no single field shows to be wrong."""
        try:
            self.zone  # noqa: B018  reading it is the check
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError(f"time_zone: {self.time_zone!r} is not a time zone such as America/Denver") from unknown
        codes = [code for rule in self.incident_types for code in rule.codes]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"incident_types: {twice[0]} is listed twice")
        for number in self.institutional_numbers:
            if not re.fullmatch(r"\+[1-9]\d{6,14}", number):
                raise ValueError(f"institutional_numbers: {number!r} is not a number such as +13035550100")

    @cached_property
    def zone(self) -> tzinfo:
        """Return the zone in which the agency's clocks run."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def rules(self) -> dict[str, IncidentType]:
        """Return the rule of each allowed type by its code."""
        return {code: rule for rule in self.incident_types for code in rule.codes}

    @cached_property
    def overridden_types(self) -> frozenset[str]:
        """Return the codes that the settings excuse from the safety floor by name."""
        return frozenset(code for code, rule in self.rules.items() if rule.override_sensitive)

    def window(self, kind: Kind) -> Window:
        """Return the hours in which a kind may go."""
        return self.hours.get(kind, Window.usual(kind))
