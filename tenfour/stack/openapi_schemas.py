"""The schemas of the description: fields and limits come from msgspec's types, the words from docs/vendor/webhook.md.

No field has a `default`: a program that is made from the description would write it, and here a null takes back what
was said. So null is offered only where it means that.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from chalicelib.domain.incidents.facts import MOST_ENTRIES
from chalicelib.domain.incidents.update import Latch
from chalicelib.inbound.cad.rejected import Taken
from chalicelib.inbound.cad.several import WORDS
from chalicelib.inbound.cad.update_fields import Body, PartyBody, UpdateBody
from tenfour.common.paths import ROOT

PAGE = ROOT / "docs" / "vendor" / "webhook.md"
_FIELDS = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)

NO_LINE_BREAK = r"(?!\n)"
"""How patterns end in Python, whose `$` also stands before a last line break. Elsewhere `$` is the end."""

_NULL_SAYS_NOTHING = frozenset({
    *("incident_number", "incident_id", "update_id", "sequence", "first_seen", "as_of_now"),
    *("reporting_parties", "safe_to_contact", *Latch),
})  # fmt: skip
"""Fields of which nothing can be taken back: a null is borne there, and the description does not offer it."""

_TAKES_BACK = "null takes back what was said"

_ABOUT = {
    "Body": {"updates": "1 to 100 updates, each read by itself: one that is bad spares its neighbours"},
    "LinkBody": {
        "incident_number": "the other incident's number; it or `incident_id` is required",
        "incident_id": "your system's own key of the other incident",
        "relation": "how the two belong together",
    },
    "Unit": {"unit": "the unit's call sign", "officer_ids": "the officers in it, by their ids"},
    "Rejected": {
        "index": "the update's place in what was sent, from 0",
        "incident_number": "its incident, null where none could be read",
        "error": "the field that is wrong, and what was expected",
        "incident_id": "the system's own key of the incident; missing where none could be read",
    },
    "TakenBack": {
        "index": "the update's place in what was sent, from 0",
        "incident_number": "its incident, null where the update had the system's own key alone",
        "incident_id": "the system's own key of the incident; missing where the update had none",
        "fields": "the fields whose known values its nulls took back, such as `reporting_parties[0].phone`",
    },
    "Taken": {
        "accepted": "how many updates are stored durably",
        "duplicates": "how many told nothing new",
        "rejected": "those that can't be taken, each with the field that is wrong",
        "taken_back": "known values that nulls took back; missing where none did",
    },
}
"""Fields that the page has no table of."""

Document = dict[str, Any]


def schemas() -> Document:
    """Return every schema by its name."""
    _, found = msgspec.json.schema_components(
        (Body, UpdateBody, PartyBody, Taken), ref_template="#/components/schemas/{name}"
    )
    found["Body"]["properties"]["updates"]["items"] = {"$ref": "#/components/schemas/UpdateBody"}
    for each in _parts(found):
        _in_every_language(each)
    for name in ("UpdateBody", "PartyBody"):
        _describe(found[name])
    for field in ("incident_number", "incident_id"):
        _without_null(found["LinkBody"]["properties"][field])
    for name, told in _ABOUT.items():
        for field, words in told.items():
            _say(found[name]["properties"], field, words)
    for name in WORDS:
        _allow_lists(found["UpdateBody"]["properties"][name])
    _allow_lists(found["PartyBody"]["properties"]["phone"])
    found["UpdateBody"]["description"] = (
        "A partial snapshot: a field that is not there says nothing, null takes back what was said. "
        "Leave out what you have nothing to say of. One of `incident_id` and `incident_number` is required."
    )
    found["PartyBody"]["description"] = "A person or institution; they merge by `party_id` and field."
    return dict(sorted({**found, **_errors()}.items()))


def _errors() -> Document:
    def of_one(name: str, description: str, words: str) -> Document:
        properties = {name: {"type": "string", "description": words}}
        return {"type": "object", "description": description, "required": [name], "properties": properties}

    begins = "The error, in words; where a field is wrong, it begins with it."
    return {
        "Problem": of_one("error", "An error of ours, for people to read.", begins),
        "GatewayMessage": of_one("message", "An error of API Gateway, which stands before us.", "The error, in words."),
        "Heard": {
            "type": "object",
            "description": "The feed lives.",
            "required": ["heard"],
            "properties": {"heard": {"const": True, "type": "boolean", "description": "always true"}},
        },
    }


def _parts(value: Any) -> Iterator[Document]:
    """Yield every object in the schemas, the inner ones first."""
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(each)
    if isinstance(value, dict):
        yield value


def _in_every_language(schema: Document) -> None:
    """Say in a schema what programs of any language can read: no default, no look-ahead, a type for each enum."""
    schema.pop("default", None)
    if "enum" in schema:
        schema["type"] = "string"
    if isinstance(pattern := schema.get("pattern"), str):
        schema["pattern"] = pattern.removesuffix(NO_LINE_BREAK)


def _describe(schema: Document) -> None:
    for field, about in schema["properties"].items():
        words = page_words().get(field, "")
        if field in _NULL_SAYS_NOTHING:
            _without_null(about)
        elif "anyOf" in about:
            words = f"{words}; {_TAKES_BACK}"
        _say(schema["properties"], field, words)


def _without_null(about: Document) -> None:
    word, _ = about.pop("anyOf")
    about.update(word)


def _say(properties: Document, field: str, words: str) -> None:
    about = properties[field]
    properties[field] = {"allOf": [about], "description": words} if "$ref" in about else about | {"description": words}


def _allow_lists(about: Document) -> None:
    """Say that a field of one text may be a list: it is taken apart before it is read."""
    word, nothing = about["anyOf"]
    about["anyOf"] = [word, {"type": "array", "items": word, "maxItems": MOST_ENTRIES}, nothing]


@cache
def page_words() -> dict[str, str]:
    """Return what the page's tables say of each field."""
    return dict(_FIELDS.findall(PAGE.read_text()))
