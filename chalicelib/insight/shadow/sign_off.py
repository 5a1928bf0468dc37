"""The sign-off sheet: a type with all that its callers would get, for three people to say yes, no or change."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from msgspec import Struct

from chalicelib.domain.desk.to_sign import Listed, types_of
from chalicelib.domain.duration import Duration
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import Anchor, DelayRules, IncidentType
from chalicelib.domain.settings.places import places
from chalicelib.insight.shadow.rehearse import Spoken, TypeWords, example_of, floors, rehearse
from chalicelib.insight.shadow.report import ShadowReport, TypeCount
from chalicelib.insight.templates import templates_of

SIGNERS = ("Records lead", "Dispatch supervisor", "Victim advocate")
NOTHING_IS_SENT = "nothing is sent"

_OTHERWISE = "not as this type: another type before it changed, or another priority"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_ANCHORS: dict[Anchor, str] = {
    "received_at": "the call",
    "queued_at": "the call was put in line",
    "dispatched_at": "a unit was sent",
}


class TypeLine(Struct, frozen=True, kw_only=True):
    """One kind that a type's callers would get: when, in what words, and how many in this period."""

    kind: Kind
    when: str
    words: tuple[TypeWords, ...]
    messages: int


class Sheet(Struct, frozen=True, kw_only=True):
    """One type of the settings, or one that they do not list: then there are no lines.

    `of` is the digest that people sign at the desk: another one is another sheet.
    """

    place: str
    codes: tuple[str, ...]
    description: str
    of: str
    safety: str
    lines: tuple[TypeLine, ...]
    case_number_to: str
    exceptions: tuple[str, ...]
    incidents: int
    messages: int


def sheets(agency: Agency, report: ShadowReport) -> tuple[Sheet, ...]:
    """Return a sheet for each type that the settings list, in their order, and then for each that they do not."""
    listed = types_of(agency, templates_of(agency))
    known = (
        sheet
        for place, local in places(agency).items()
        for sheet in _known(place, local, report, {one.rule.codes: one for one in listed if one.place == place})
    )
    unknown = (
        Sheet(
            place=each.place,
            codes=(each.code,),
            description=each.description,
            of="",
            safety=each.floor,
            lines=(),
            case_number_to="",
            exceptions=(),
            incidents=each.incidents,
            messages=0,
        )
        for each in report.unknown_types
    )
    return (*known, *unknown)


def sheet_of(listed: Listed, agency: Agency) -> Sheet:
    """Return the sheet of one type as the settings have it, without counts; it costs one rehearsal of the type."""
    local = places(agency)[listed.place]
    example = example_of(listed.rule, local), listed.rule.description
    spoken, safety = rehearse(local, [example]), floors(local, [example])
    return _sheet(listed, local, spoken.get(example[0], {}), safety.get(example[0], ""), [])


def _known(place: str, agency: Agency, report: ShadowReport, of: Mapping[tuple[str, ...], Listed]) -> Iterator[Sheet]:
    rules = agency.incident_types
    counts = [[each for each in report.types if _is_of(each, place, rule, agency)] for rule in rules]
    examples = [_example(rule, counted, agency) for rule, counted in zip(rules, counts, strict=True)]
    spoken, safety = rehearse(agency, examples), floors(agency, examples)
    for rule, counted, (code, _) in zip(rules, counts, examples, strict=True):
        yield _sheet(of[rule.codes], agency, spoken.get(code, {}), safety.get(code, ""), counted)


def _sheet(listed: Listed, agency: Agency, spoken: Spoken, safety: str, counted: list[TypeCount]) -> Sheet:
    rule = listed.rule
    return Sheet(
        place=listed.place,
        codes=rule.codes,
        description=rule.description,
        of=listed.of,
        safety=safety,
        lines=tuple(_lines(rule, agency, spoken, counted)),
        case_number_to=_told_case_numbers(rule),
        exceptions=tuple(_exceptions(rule, agency)),
        incidents=sum(each.incidents for each in counted),
        messages=sum(each.total for each in counted),
    )


def _lines(rule: IncidentType, agency: Agency, spoken: Spoken, counted: list[TypeCount]) -> Iterator[TypeLine]:
    for kind in Kind:
        words, messages = spoken.get(kind, ()), sum(each.messages.get(kind, 0) for each in counted)
        if words or messages:
            when = _when(kind, rule, agency) if words else _OTHERWISE
            yield TypeLine(kind=kind, when=when, words=words, messages=messages)


def _when(kind: Kind, rule: IncidentType, agency: Agency) -> str:
    hold = (rule.acknowledgment or agency.acknowledgment).hold
    moments = {
        Kind.ACKNOWLEDGMENT: f"{in_words(hold)} after the call" if hold else "as soon as the call is in",
        Kind.DISPATCHED: "when a unit is sent",
        Kind.DELAY: _delay(rule.delay or agency.delay),
        Kind.OUTCOME: "when it has ended",
        Kind.CASE_NUMBER: f"when there is a case number, to {_told_case_numbers(rule)}",
        Kind.SURVEY: f"{in_words(agency.survey.after)} after closing, if an officer came",
    }
    window = agency.window(kind)
    hours = "" if window.start == window.end else f", from {window.start:%-H:%M} to {window.end:%-H:%M}"
    return moments[kind] + hours


def _delay(rules: DelayRules) -> str:
    after = ", ".join(map(in_words, rules.after))
    return f"{after} after {_ANCHORS[rules.anchor]}, if nobody has arrived"


def _exceptions(rule: IncidentType, agency: Agency) -> Iterator[str]:
    """Yield what is different for a priority, the type's word before the agency's."""
    for priority in sorted({*rule.priorities, *agency.priorities}):
        own = rule.priorities.get(priority) or agency.priorities[priority]
        told = []
        if own.notify is not None:
            told.append(f"only {', '.join(kind.replace('_', ' ') for kind in own.notify) or 'nothing'}")
        if own.acknowledgment:
            told.append(f"acknowledgment {in_words(own.acknowledgment.hold)} after the call")
        if own.delay:
            told.append(f"delay notice {_delay(own.delay)}")
        yield f"priority {priority}: {'; '.join(told) or 'as the others'}"


def _told_case_numbers(rule: IncidentType) -> str:
    if Kind.CASE_NUMBER not in rule.notify:
        return "nobody"
    return "victims and the caller" if rule.case_number_to == "caller" else "victims"


def in_words(length: timedelta) -> str:
    """Return a duration as people say it: 90 seconds, 1 hour."""
    text = str(Duration(seconds=length.total_seconds()))
    number, unit = text[:-1], _UNITS[text[-1]]
    return f"{number} {unit.removesuffix('s') if number == '1' else unit}"


def _is_of(each: TypeCount, place: str, rule: IncidentType, agency: Agency) -> bool:
    return each.place == place and agency.type_of(each.code or None) is rule


def _example(rule: IncidentType, counted: list[TypeCount], agency: Agency) -> tuple[str, str]:
    """Return a code and description as dispatch sends them, or, for what it has not sent, as the settings have them."""
    for each in counted:
        if each.dispatch_says:
            return each.code, each.dispatch_says
    return example_of(rule, agency), rule.description
