"""Say in plain words why msgspec refuses a value of the settings, and what to write instead."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import EnumType
from typing import Any, Literal, get_args, get_origin
from zoneinfo import available_timezones

from chalicelib.domain.duration import Duration
from chalicelib.insight.settings.finding import Finding, error
from chalicelib.insight.settings.locate import Path

_NOUNS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number with a fraction",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "time": "an hour of the day",
    "date": "a date",
    "datetime": "a date and an hour",
    "str | object": "text or a table",
}
_EXAMPLES = {
    "str": '{name} = "..."',
    "int": "{name} = 5, without quotes",
    "bool": "{name} = true or {name} = false, without quotes",
    "array": '{name} = ["...", "..."], in square brackets even for one',
    "object": "a table: [{field}], and its settings under it",
    "time": "{name} = 08:00:00, without quotes",
    "str | object": '{name} = "..."',
}
_FORMS = {
    "agency_id": ("not an agency's id", "lower case letters, digits and -, a letter first, at most 24"),
    "country": ("not a country's code", 'two capital letters: country = "US"'),
    "numbers.sms_from": ("not a number to send from", "+13035550199: + and digits; or a short code of 3 to 8 digits"),
    "numbers.twilio_from": (
        "not what Twilio sends from",
        "a number such as +13035550199, or a service's MG and 32 digits",
    ),
    "numbers.sns_from": ("not a number to send from", "+13035550199: + and digits; or a short code of 3 to 8 digits"),
    "providers.max_price": ("not a price", 'dollars a text, with a point: max_price = "0.05"'),
    "budget.segment_price": ("not a price", 'dollars a segment, below 1: segment_price = "0.012"'),
    "numbers.email_from": ("not an email address", 'write email_from = "no-reply@springfield.example"'),
    "survey.link": ("not the beginning of a web address", "https://, the agency's own domain, a path, no / at its end"),
    **dict.fromkeys(
        ("survey.follow_up.supervisors", "survey.follow_up.standards", "survey.follow_up.alerts"),
        ("not an email address", 'a mailbox of the agency: "sergeants@springfield.example"'),
    ),
    "survey.experiment.name": ("not an experiment's name", 'lower case letters, digits and -: name = "doors-2027"'),
    "resources_link": ("not a web address", "write it with https:// before it"),
    **dict.fromkeys(
        ("privacy_link", "terms_link"), ("not a private web address", "write it whole, with https:// before it")
    ),
    "desk.claim": ("not the name of a claim", "as the token has it, without blanks: roles, groups, cognito:groups"),
    "id": ("not a question's id", "lower case letters and _, a letter first, at most 24"),
}
"""Forms of text that a pattern alone holds: what it says of those who do not match, and what would."""

_TOGETHER = (
    (r"a reply comes from a phone", 'write door = "link", or take anonymous out'),
    (r"is listed twice$", "a code belongs to one entry: take it out of the other"),
    (r"is not a time zone", "time zones are named by region and city, such as America/Chicago"),
    (r"is not a number such as", "+ and the country's code, then digits alone"),
    (r"it may only be tightened$", "CJIS asks for 30m and 12h at most: write less, or take the line out"),
    (r"has no role", 'name one: ["watch"], or take the line out'),
    (r"can't be overridden", "list the codes one by one, without * and ?"),
)


def explain(said: str, value: Any, kind: Any, path: Path) -> Finding:
    """Return what is wrong with one value; `said` is msgspec's message, `kind` the type without its limits."""
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    field = ".".join(part for part in path if isinstance(part, str))
    said = said.partition(" - at ")[0]
    expected = re.fullmatch(r"Expected `(.+)`, got `(.+)`", said)
    if kind is Duration:
        return error(path, said, f'a whole number and s, m, h or d, in quotes: {name} = "30m"')
    choices = choices_of(kind)
    if expected and choices:
        return error(path, f"expected one of: {', '.join(choices)}", f'write {name} = "{choices[0]}"')
    if expected:
        wanted = _NOUNS.get(expected[1], expected[1])
        got = {"int": "a number"}.get(expected[2], _NOUNS.get(expected[2], expected[2]))
        hint = _EXAMPLES.get(expected[1], "").format(name=name, field=field)
        return error(path, f"expected {wanted}, got {got}", f"write {hint}" if hint else "")
    if "RFC3339" in said:
        return error(path, f"{value!r} is not an hour of the day", f"write {name} = 08:00:00, without quotes")
    if said.startswith("Invalid enum value"):
        return _not_chosen(value, choices, path)
    if "matching regex" in said:
        message, hint = (
            _FORMS.get(field) or _FORMS.get(name) or ("not in the expected form", "see docs/agency/settings.md")
        )
        return error(path, f"{value!r} is {message}", hint)
    return _out_of_range(said, value, path)


def explain_together(data: Mapping[str, Any], said: str) -> Finding:
    """Return what no single value shows to be wrong; the message begins with its field."""
    field, _, message = said.partition(" - at ")[0].partition(": ")
    path = tuple(int(number) if number else word for word, number in re.findall(r"(\w+)|\[(\d+)\]", field))
    hint = next((hint for pattern, hint in _TOGETHER if re.search(pattern, message)), "")
    meant = re.match(r"'([^']*)' is|(.+) is listed twice", message)
    if meant is None:
        return error(path, message, hint)
    value = meant[1] if meant[1] is not None else meant[2]
    if path == ("time_zone",):
        near = get_close_matches(value, available_timezones(), n=1)
        hint = f'did you mean "{near[0]}"?' if near else hint
    places = [place for place, leaf in _leaves(data, ()) if leaf == value and place[: len(path)] == path]
    return error(places[-1] if places else path, message, hint)


def choices_of(kind: Any) -> list[str]:
    """Return what a value may be, where it is one of a few."""
    if get_origin(kind) is Literal:
        return [str(choice) for choice in get_args(kind)]
    return list(map(str, kind)) if isinstance(kind, EnumType) else []


def _not_chosen(value: Any, choices: list[str], path: Path) -> Finding:
    near = get_close_matches(str(value).lower(), choices, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f'write one of them, such as "{choices[0]}"'
    return error(path, f"{value!r} is none of: {', '.join(choices)}", hint)


def _out_of_range(said: str, value: Any, path: Path) -> Finding:
    limit = re.search(r"(of length )?(>=|<=) (\d+)$", said)
    if limit is None:
        return error(path, said[:1].lower() + said[1:].replace("`", ""))
    most, number = limit[2] == "<=", limit[3]
    if not limit[1]:
        bound = f"at most {number}" if most else f"at least {number}"
        return error(path, f"{value} is too {'large' if most else 'small'}", f"write a number that is {bound}")
    things = "characters" if isinstance(value, str) else "entries"
    if most:
        return error(path, f"too long: {len(value)} {things}, at most {number}", "shorten it")
    return error(path, f"too short: {len(value)} {things}, at least {number}", "fill it in, or take the line out")


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield every value that is neither a table nor a list, with its path."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(part, (*path, key))
    else:
        yield path, value
