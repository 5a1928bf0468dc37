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
from chalicelib.insight.settings.locate import Path

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
    """One text of the agency's: for which channel, of which name, for which outcome, in which language.

    `at` is the path of the type of call whose own words it is; () for the words of every type.
    """

    field: Field
    channel: Channel
    name: str
    variant: str
    language: Language
    at: Path = ()


class OwnType(Struct, frozen=True, kw_only=True):
    """An entry of types that a file allows; `city` names whose it is, and `own` tells that it has words of its own."""

    path: Path
    codes: tuple[str, ...]
    description: str
    city: str
    own: bool

    @property
    def name(self) -> str:
        """Return its name, as the check writes it."""
        return field_name(self.path)


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


def words(data: Mapping[str, Any], of: str, at: Path = ()) -> list[list[Cell]]:
    """Return the texts of one page of Words in rows: the same text in each language that the file names.

    `at` is the path of a type of call, for its own words.
    """
    return [
        [_cell(language, channel, name, variant, at) for language in languages(data)]
        for channel, name, variant in _parts(of)
    ]


def types(data: Mapping[str, Any]) -> list[OwnType]:
    """Return the types that a file allows, and then those of each city that has a list of its own."""
    cities = [(("cities", place), city) for place, city in _entries(data, "cities")]
    return [
        OwnType(
            path=(*at, "incident_types", place),
            codes=_texts(one.get("codes")),
            description=str(one.get("description", "")),
            city=str(of.get("name", "")) if at else "",
            own=bool(one.get("words")),
        )
        for at, of in (((), data), *cities)
        for place, one in _entries(of, "incident_types")
    ]


def languages(data: Mapping[str, Any]) -> tuple[Language, ...]:
    """Return the languages that a file names, as far as they are known, the usual one first."""
    more = data.get("languages", ())
    named = [data.get("language", "en"), *(more if isinstance(more, list) else ())]
    known: tuple[Language, ...] = get_args(Language)
    return tuple(dict.fromkeys(each for name in named for each in known if each == name)) or known[:1]


def questions(data: Mapping[str, Any]) -> list[list[Field]]:
    """Return the fields of each question of the agency's own; none where a file has a set of ours.

    The first one has a condition only where it has moved up with one: there the check objects to it.
    """
    spoken = languages(data)
    listed = _entries(_table(data, "survey"), "questions")
    names = [str(one.get("id", "")) for _, one in listed]
    return [
        [
            *_question(place, one, spoken),
            *(_condition(place, tuple(names[:number])) if number or "only_if" in one else ()),
        ]
        for number, (place, one) in enumerate(listed)
    ]


def cities(data: Mapping[str, Any]) -> list[list[Field]]:
    """Return the fields of each city of a county; its own list of types has none."""
    return [list(_city(("cities", place))) for place, _ in _entries(data, "cities")]


def _city(at: Path) -> Iterator[Field]:
    """Yield the fields of a city. What is usual of a table's part counts only where the city has the table."""
    for name in ("beats", "name", "short_name", "non_emergency", "mode"):
        yield field((*at, name), about=f"cities.{name}")
    for name in ("acknowledgment.hold", "delay.after", "delay.anchor"):
        table, _, part = name.partition(".")
        yield field((*at, table, part), about=f"cities.{table}")


def by_text() -> Field:
    """Return the field of the questions that are asked by text, in their order."""
    return field(("survey", "reply_questions"))


def _condition(place: int, earlier: tuple[str, ...]) -> Iterator[Field]:
    """Yield the fields of the earlier question and the answers to it after which alone a question is asked."""
    at = ("survey", "questions", place, "only_if")
    of = replace(field((*at, "question"), about="questions.only_if"), shape="choice", offers=earlier)
    yield replace(of, required=False, also=field_name(at))
    yield replace(field((*at, "answers"), about="questions.only_if"), required=False)


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


def _cell(language: Language, channel: Channel, name: str, variant: str, at: Path) -> Cell:
    path = (*at, "words", language, channel, name, *filter(None, (variant,)))
    one = field(path, about="incident_types.words" if at else "words", shape="text")
    return Cell(field=one, channel=channel, name=name, variant=variant, language=language, at=at)


def _table(data: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    found = value_at(data, names)
    return found if isinstance(found, dict) else {}


def _entries(data: Mapping[str, Any], name: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the tables of a list with their places; none of what is no list of tables."""
    found = data.get(name)
    listed = found if isinstance(found, list) else []
    return [(place, one) for place, one in enumerate(listed) if isinstance(one, dict)]


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
