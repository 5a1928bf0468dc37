"""An agency: everything that it decides for itself, as its settings file says it."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.duration import Duration
from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.language import Language
from chalicelib.domain.names import AgencyId, Kind
from chalicelib.domain.notifications.notification import Channel
from chalicelib.domain.settings.budget import Budget
from chalicelib.domain.settings.conversation import Conversation, conversation_problems
from chalicelib.domain.settings.desk import Desk, desk_problems
from chalicelib.domain.settings.hours import Window
from chalicelib.domain.settings.identifiers import Identifiers, form_problem
from chalicelib.domain.settings.identity import IdentityRules
from chalicelib.domain.settings.incident_types import (
    AcknowledgmentRules,
    Caps,
    City,
    DelayRules,
    IncidentType,
    LanguageWords,
    Mode,
    Name,
    PriorityRules,
    Retention,
    Rule,
    ShortName,
    TypePattern,
    is_pattern,
    matches,
    resolve,
    type_problems,
)
from chalicelib.domain.settings.judgements import Judgements, Verdict
from chalicelib.domain.settings.providers import Numbers, Providers
from chalicelib.domain.settings.survey import OutcomeClass, SurveyRules
from chalicelib.domain.settings.watchers import Watchers, watchers_problems

SHORTEST_MEMORY = timedelta(days=30)
SHORTEST_LEDGER = timedelta(days=365)
"""The CJIS Security Policy keeps audit records for a year at least (AU-11)."""

PolicyLink = Annotated[str, Meta(max_length=200, pattern=r"^(https://[^\s/]\S*)?$")]
"""The address of a page that registrations of numbers ask for, or "". The page about real texts links to it."""


class Agency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One agency's settings: the file, the published version and what `plan` reads are this one type."""

    agency_id: AgencyId
    name: Name
    short_name: ShortName
    time_zone: str
    numbers: Numbers
    survey: SurveyRules
    providers: Providers = Providers()
    budget: Budget = Budget()
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")] = "US"
    language: Language = "en"
    languages: tuple[Language, ...] = ()
    channels: Annotated[tuple[Channel, ...], Meta(min_length=1)] = ("sms", "email")
    mode: Mode = "shadow"
    shadow_kinds: frozenset[Kind] = frozenset()
    incident_types: tuple[IncidentType, ...] = ()
    cities: tuple[City, ...] = ()
    code_list: dict[str, str] = {}
    sensitive_types: frozenset[TypePattern] = frozenset()
    never_types: frozenset[TypePattern] = frozenset()
    after_close_types: frozenset[TypePattern] = frozenset()
    judgements: Judgements = Judgements()
    highest_priorities: frozenset[str] = frozenset({"0", "1", "E", "P0", "P1"})
    priorities: dict[str, PriorityRules] = {}
    institutional_numbers: frozenset[str] = frozenset()
    dispositions: dict[str, OutcomeClass] = {}
    acknowledgment: AcknowledgmentRules = AcknowledgmentRules()
    delay: DelayRules = DelayRules()
    hours: dict[Kind, Window] = {}
    caps: Caps = Caps()
    retention: Retention = Retention()
    resources_link: Annotated[str, Meta(max_length=40, pattern=r"^(https?://\S+)?$")] = ""
    privacy_link: PolicyLink = ""
    terms_link: PolicyLink = ""
    text_to_911: bool = True
    words: dict[Language, LanguageWords] = {}
    most_segments: Annotated[int, Meta(ge=1, le=10)] = 1
    silence: Duration = Duration(days=90)
    identifiers: Identifiers = Identifiers()
    identity: IdentityRules = IdentityRules()
    mass_call: Annotated[int, Meta(ge=2)] = 5
    desk: Desk = Desk()
    watchers: dict[Cause, Watchers] = {}
    conversation: Conversation = Conversation()
    version: int = 0

    def __post_init__(self) -> None:
        """Refuse what no single field shows to be wrong."""
        for problem in _problems(self):
            raise ValueError(problem)

    @cached_property
    def zone(self) -> tzinfo:
        """Return the zone in which the agency's clocks run."""
        return ZoneInfo(self.time_zone)

    @property
    def converses(self) -> bool:
        """Tell whether people's texts are answered at the desk: with what, and who watches them, is named."""
        return bool(self.conversation.answers) and Cause.REPLY in self.watchers

    @cached_property
    def spoken(self) -> tuple[Language, ...]:
        """Return every language in which people are written to, the usual one first."""
        return tuple(dict.fromkeys((self.language, *self.languages)))

    @cached_property
    def most_urgent(self) -> frozenset[str]:
        """Return the highest priorities in lower case: dispatch systems write them in either."""
        return frozenset(map(str.casefold, self.highest_priorities))

    @cached_property
    def overridden_types(self) -> frozenset[str]:
        """Return the codes that the settings excuse from the safety floor by name."""
        return frozenset(code for rule in self.incident_types if rule.override_sensitive for code in rule.codes)

    @property
    def real_link(self) -> str:
        """Return the address of the page that tells real texts."""
        return f"{self.survey.home}/real/{self.agency_id}"

    def type_of(self, code: str | None) -> IncidentType | None:
        """Return what the settings say of a type: by its exact code, else by the first pattern that it fits."""
        if code is None:
            return None
        exact = self._exact.get(code)
        return exact or next((rule for patterns, rule in self._patterns if matches(patterns, code)), None)

    def holds_back(self, code: str) -> bool:
        """Tell whether the settings name a type as one that nobody is ever told about."""
        listed = any(matches(types, code) for types in (self.sensitive_types, self.never_types))
        return listed or self.judgements.silences(code)

    def meaning(self, code: str) -> str:
        """Return what the code list says of a code, in upper or lower case; "" where it says nothing."""
        return self._meanings.get(code.casefold(), "")

    def rule(self, facts: Facts) -> Rule | None:
        """Return what an incident gets; the type's word goes before the agency's, a priority's before both."""
        allowed = self.type_of(facts.incident_type)
        if allowed is None:
            return None
        priority = facts.priority if facts.priority in {*allowed.priorities, *self.priorities} else None
        known = allowed.codes, priority
        if known not in self._resolved:
            everywhere = self.priorities.get(priority or "", PriorityRules())
            self._resolved[known] = resolve(allowed, priority, everywhere, self.acknowledgment, self.delay)
        return self._resolved[known]

    def at(self, beat: str | None) -> "Agency":
        """Return the rules of the city in which a beat lies, or the agency's own."""
        city = next((city for city in self.cities if beat and matches(city.beats, beat)), None)
        return self if city is None else self.in_city(city)

    def in_city(self, city: City) -> "Agency":
        """Return the rules of one of the cities."""
        if city.beats not in self._by_city:
            self._by_city[city.beats] = _city_rules(self, city)
        return self._by_city[city.beats]

    def sends(self, kind: Kind, code: str | None) -> bool:
        """Tell whether a kind really goes out for a type, rather than in shadow."""
        allowed = self.type_of(code)
        live = self.mode == "live" and kind not in self.shadow_kinds
        return live and allowed is not None and allowed.mode != "shadow"

    def day(self, at: datetime) -> date:
        """Return the day of an instant where the agency is: caps count by it."""
        return at.astimezone(self.zone).date()

    def window(self, kind: Kind) -> Window:
        """Return the hours in which a kind may go."""
        return self.hours.get(kind, Window.usual(kind))

    @cached_property
    def remembered_verdicts(self) -> dict[frozenset[Evidence], tuple[Verdict | None, ...]]:
        """Return the verdicts on what incidents were said to be, so that judging them again is one look-up."""
        return {}

    @cached_property
    def _meanings(self) -> dict[str, str]:
        return {code.casefold(): meaning for code, meaning in self.code_list.items()}

    @cached_property
    def _exact(self) -> dict[str, IncidentType]:
        return {code: rule for rule in self.incident_types for code in rule.codes if not is_pattern(code)}

    @cached_property
    def _patterns(self) -> tuple[tuple[tuple[str, ...], IncidentType], ...]:
        return tuple((tuple(filter(is_pattern, rule.codes)), rule) for rule in self.incident_types)

    @cached_property
    def _resolved(self) -> dict[tuple[tuple[str, ...], str | None], Rule]:
        return {}

    @cached_property
    def _by_city(self) -> dict[tuple[str, ...], "Agency"]:
        return {}


def _city_rules(agency: Agency, city: City) -> Agency:
    """Return the county's settings as one of its cities has them; a city can't go live in a county that has not."""
    numbers = replace(agency.numbers, non_emergency=city.non_emergency or agency.numbers.non_emergency)
    return replace(
        agency,
        name=city.name,
        short_name=city.short_name,
        numbers=numbers,
        mode="shadow" if agency.mode == "shadow" else city.mode or agency.mode,
        incident_types=agency.incident_types if city.incident_types is None else city.incident_types,
        acknowledgment=city.acknowledgment or agency.acknowledgment,
        delay=city.delay or agency.delay,
        cities=(),
    )


def _problems(agency: Agency) -> Iterator[str]:
    try:
        agency.zone  # noqa: B018  reading it is the check
    except (ZoneInfoNotFoundError, OSError, ValueError):
        yield f"time_zone: {agency.time_zone!r} is not a time zone such as America/Denver"
    yield from type_problems("incident_types", agency.incident_types)
    for place, city in enumerate(agency.cities):
        yield from type_problems(f"cities[{place}].incident_types", city.incident_types or ())
    survey = agency.survey
    if survey.anonymous and "reply" in survey.doors:
        yield "survey.door: a reply comes from a phone: an anonymous survey is asked by link"
    if agency.retention.incidents < max(SHORTEST_MEMORY, agency.silence):
        yield "retention.incidents: what is forgotten can be told twice: at least 30d, and as long as silence"
    if agency.retention.ledger < SHORTEST_LEDGER:
        yield "retention.ledger: who looked at what must be known for a year at least: 365d"
    for name, form in (("incident", agency.identifiers.incident), ("case", agency.identifiers.case)):
        if form_problem(form):
            yield f"identifiers.{name}: {form_problem(form)}"
    yield from desk_problems(agency.desk)
    yield from watchers_problems(agency.watchers)
    yield from conversation_problems(agency.conversation)
    for number in sorted(agency.institutional_numbers):
        if not re.fullmatch(r"\+[1-9]\d{6,14}", number):
            yield f"institutional_numbers: {number!r} is not a number such as +13035550100"
