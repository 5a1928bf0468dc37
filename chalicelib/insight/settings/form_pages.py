"""The settings that have forms at the desk, by the form that has them. The rest is edited as TOML. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role
from chalicelib.domain.language import Language
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Channel
from chalicelib.domain.settings.hours import Window
from chalicelib.domain.settings.survey import INVITATIONS, OutcomeClass
from chalicelib.domain.settings.watchers import NEVER_PAGES, Who
from chalicelib.insight.settings.edit import value_at
from chalicelib.insight.settings.finding import field_name
from chalicelib.insight.settings.form_fields import Field, field, shown

OUTCOMES: tuple[str, ...] = get_args(OutcomeClass)
_FOLLOW_UP = ("threshold", "due", "rest", "supervisors", "standards", "alerts")
_SURVEY = ("after", "window", "outcomes", "without_arrival", "carry", "labor_agreement")
_NUMBERS = ("non_emergency", "sms_from", "email_from", "twilio_from", "sns_from")

_RULES: Mapping[str, tuple[str, ...]] = {
    "notices": ("acknowledgment.hold", "delay.after", "delay.anchor"),
    "hours": (),
    "caps": ("caps.per_person_and_day", "caps.per_incident", "caps.survey_every", "silence", "mass_call"),
    "dispositions": (),
    "survey": tuple(f"survey.{name}" for name in _SURVEY),
    "follow_up": tuple(f"survey.follow_up.{name}" for name in _FOLLOW_UP),
    "numbers": (*(f"numbers.{name}" for name in _NUMBERS), "institutional_numbers"),
    "texts": ("languages", "text_to_911", "resources_link", "privacy_link", "terms_link", "most_segments"),
    "budget": ("budget.messages_per_minute", "budget.segments_per_day", "budget.dollars_per_month"),
    "watchers": (),
    "conversation": ("conversation.hours.start", "conversation.hours.end"),
    "mail": ("desk.mail.when", "desk.mail.at", "desk.mail.link"),
    "roles": (),
}
"""The groups of the page Rules, with the names of their settings; some have a row for each kind, cause or code."""

SETS: tuple[str, ...] = (*Kind, "email")
"""The pages of Words: a kind of text each, and what every email has."""

_EMAIL = ("subject", "footer")


class Cell(Struct, frozen=True, kw_only=True):
    """One text of the agency's: for which channel, of which name, for which outcome, in which language."""

    field: Field
    channel: Channel
    name: str
    variant: str
    language: Language


def rules(data: Mapping[str, Any]) -> dict[str, list[Field]]:
    """Return the fields of the page Rules by their groups; a disposition has one for each code that the file has."""
    told = {group: [field(tuple(name.split("."))) for name in names] for group, names in _RULES.items()}
    told["hours"] = [one for kind in Kind for one in _hours(kind)]
    told["dispositions"] = [disposition(code) for code in _table(data, "dispositions")]
    told["watchers"] = [one for cause in Cause if cause not in NEVER_PAGES for one in _watchers(cause)]
    told["conversation"] = [*map(_in_hours, told["conversation"]), *_conversation(data)]
    told["mail"] += [field(("desk", "mail", "to", role.value), about="desk.mail.to") for role in _told_by_mail()]
    told["roles"] = [group_roles(group) for group in _table(data, "desk", "roles")]
    return told


def disposition(code: str) -> Field:
    """Return the field of what a disposition's code means to a caller."""
    return field(("dispositions", code), about="dispositions")


def group_roles(group: str) -> Field:
    """Return the field of the roles that a group of the identity provider has at the desk."""
    return field(("desk", "roles", group), about="desk.roles")


def answer(language: Language, name: str) -> Field:
    """Return the field of an answer's words in a language."""
    return field(("conversation", "answers", name, language), about="conversation.answers", shape="text")


def words(data: Mapping[str, Any], of: str) -> list[list[Cell]]:
    """Return the texts of one page of Words in rows: the same text in each language that the file names."""
    return [
        [_cell(language, channel, name, variant) for language in languages(data)]
        for channel, name, variant in _parts(of)
    ]


def languages(data: Mapping[str, Any]) -> tuple[Language, ...]:
    """Return the languages that a file names, as far as they are known, the usual one first."""
    more = data.get("languages", ())
    named = [data.get("language", "en"), *(more if isinstance(more, list) else ())]
    known: tuple[Language, ...] = get_args(Language)
    return tuple(dict.fromkeys(each for name in named for each in known if each == name)) or known[:1]


def questions(data: Mapping[str, Any]) -> list[list[Field]]:
    """Return the fields of each question of the agency's own; none where a file has a set of ours."""
    survey = data.get("survey")
    own = survey.get("questions", ()) if isinstance(survey, dict) else ()
    spoken = languages(data)
    return [_question(place, one, spoken) for place, one in enumerate(own) if isinstance(one, dict)]


def _question(place: int, one: Mapping[str, Any], spoken: tuple[Language, ...]) -> list[Field]:
    at = ("survey", "questions", place)
    kind = one.get("kind", "scale")
    told = [field((*at, "text", language), about="questions.text", shape="text") for language in spoken]
    told += [field((*at, "sms", language), about="questions.sms", shape="text") for language in spoken]
    if kind == "scale":
        told += [field((*at, "labels", language), about="questions.labels") for language in spoken]
    for number, _ in enumerate(one.get("choices", ()) if kind == "choice" else ()):
        told += [field((*at, "choices", number, "text", name), about="questions.choices") for name in spoken]
    return [*told, *(field((*at, name), about=f"questions.{name}") for name in ("about", "kind"))]


def _hours(kind: Kind) -> Iterator[Field]:
    usual = Window.usual(kind)
    for name, hour in (("start", usual.start), ("end", usual.end)):
        yield replace(field(("hours", kind.value, name), about="hours"), usual=shown(hour))


def _in_hours(one: Field) -> Field:
    """Return the field of an hour that is explained with the other end of its span."""
    return replace(one, usual="", required=False, about=field_name(one.path[:-1]))


def _watchers(cause: Cause) -> Iterator[Field]:
    """Yield the fields of who watches one cause: none of them must be there, since nobody need watch it."""
    at = ("watchers", cause.value)
    for who in Who:
        yield replace(field((*at, who.value), about=f"watchers.{who}"), required=False)
    for name in ("start", "end"):
        yield replace(_in_hours(field((*at, "hours", name))), about="watchers.hours")


def _conversation(data: Mapping[str, Any]) -> Iterator[Field]:
    """Yield the fields of the text that goes by itself, and of each answer that the file has, in each language."""
    named = [("not_read",), *(("answers", name) for name in _table(data, "conversation", "answers"))]
    for name in named:
        for language in languages(data):
            yield field(("conversation", *name, language), about=f"conversation.{name[0]}", shape="text")


def _told_by_mail() -> Iterator[Role]:
    return (role for role in Role if Permission.BOARD_SEE in BUNDLES[role])


def _parts(of: str) -> Iterator[tuple[Channel, str, str]]:
    """Yield the channel, name and outcome of each text of a page."""
    channels: tuple[Channel, ...] = ("sms", "email")
    if of == "email":
        yield from (("email", name, "") for name in _EMAIL)
        return
    for channel in channels:
        yield from ((channel, of, variant) for variant in (OUTCOMES if of == Kind.OUTCOME else ("",)))
        if of == Kind.SURVEY:
            yield from ((channel, name, "") for name in INVITATIONS if channel == "sms" or name == "survey_b")


def _cell(language: Language, channel: Channel, name: str, variant: str) -> Cell:
    path = ("words", language, channel, name, *filter(None, (variant,)))
    one = field(path, about="words", shape="text")
    return Cell(field=one, channel=channel, name=name, variant=variant, language=language)


def _table(data: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    found = value_at(data, names)
    return found if isinstance(found, dict) else {}
