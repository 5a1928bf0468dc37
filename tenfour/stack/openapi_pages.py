"""The part of the description that vendors don't need: pages for people, carriers' callbacks, and the description."""

from typing import Any

import msgspec

from chalicelib.domain.names import AgencyId
from chalicelib.domain.surveys.token import TOKEN_LENGTH
from tenfour.stack.openapi_answers import answer, by_the_gateway, example
from tenfour.stack.openapi_schemas import NO_LINE_BREAK

_AGENCY_ID = msgspec.json.schema(AgencyId)
AGENCY = {
    "name": "agency_id",
    "in": "path",
    "required": True,
    "description": "The agency's id, as it was given to you.",
    "schema": {**_AGENCY_ID, "pattern": _AGENCY_ID["pattern"].removesuffix(NO_LINE_BREAK)},
    "example": "springfield",
}
_TOKEN = {
    "name": "token",
    "in": "path",
    "required": True,
    "description": "The last part of the link.",
    "schema": {"type": "string", "minLength": TOKEN_LENGTH, "maxLength": TOKEN_LENGTH, "pattern": "^[0-9A-Za-z]+$"},
}
_MAILED = {**_TOKEN, "schema": {"type": "string", "minLength": 1, "maxLength": 200}}
_FORM = {
    "description": "The form's fields.",
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        }
    },
}
_PAGE = {"text/html": {"schema": {"type": "string"}}}
_SHOWN = {
    "200": "A page.",
    "404": "Nothing is behind this.",
    "410": "Answered already, or too late.",
    "422": "An answer that can't be given, said on the page.",
    "429": "Asked too often; the page says when to come back.",
}
_REFUSED = {
    "400": "A form that can't be read.",
    "403": "Not posted from the page itself, or not signed.",
    "413": "Longer than any form of ours.",
    "503": "Others did the same at once: send it again.",
}
_ABOUT = {
    "/s/{token}": "A page in the caller's language. It needs no script, and a script may ask for JSON.",
    "/u/{token}": "Opening the page changes nothing: a person, or the mail program's own button, posts it.",
    "/real/{agency_id}": "Where texts of the agency come from, and whether the code in a text is one of ours.",
    "/": "A page for whoever types the address that stands in texts.",
}

Document = dict[str, Any]


def pages() -> Document:
    """Return every path but the webhooks'."""
    people = {
        "/s/{token}": ("survey", "The survey behind a link", _TOKEN, ("200", "404", "410"), ("403", "422")),
        "/u/{token}": ("unsubscribe", "Stop messages, from a link in an email", _MAILED, ("200", "404"), ()),
        "/real/{agency_id}": (
            *("real", "Where texts come from, and whether a code in one is ours", AGENCY),
            *(("200", "404"), ("429",)),
        ),
    }
    paths: Document = {
        path: {
            "parameters": [parameter],
            "get": _open(path, f"show_{name}", summary, (*shown, "503")),
            "post": {
                **_open(path, name, f"{summary}, by its form", (*shown, "400", "413", "503", *posted)),
                "requestBody": _FORM,
            },
        }
        for path, (name, summary, parameter, shown, posted) in people.items()
    }
    there = ("200", "404", "410", "503")
    paths["/s/{token}"]["head"] = _open("/s/{token}", "look_for_survey", "Whether it is there", there)
    paths["/"] = {"get": _open("/", "home", "Whose texts lead here, and where to check one", ("200", "503"))}
    return {**paths, **_carriers(), **_references()}


def _carriers() -> Document:
    found: Document = {}
    for name, what in (("status", "Twilio's report on a text"), ("inbound", "A text that came to a number at Twilio")):
        taken = {"200": {"description": "Kept; it is not sent again.", "content": {"text/xml": {"schema": _PAGE_TEXT}}}}
        refused = {status: answer(_REFUSED[status], "Problem") for status in ("400", "403", "413")}
        found[f"/carriers/twilio/{name}"] = {
            "post": {
                "operationId": f"twilio_{name}",
                "summary": what,
                "description": "Twilio alone posts here, and signs it.",
                "tags": ["carriers"],
                "security": [{"twilio": []}],
                "requestBody": _FORM,
                "responses": {**taken, **refused, "429": by_the_gateway("429")},
            }
        }
    return found


_PAGE_TEXT = {"type": "string"}


def _references() -> Document:
    return {
        path: {
            "get": {
                "operationId": name,
                "summary": summary,
                "description": words,
                "tags": ["reference"],
                "security": [],
                "responses": {
                    "200": {"description": "Here.", "content": {media_type: shown}},
                    "429": by_the_gateway("429"),
                },
            }
        }
        for path, name, summary, words, media_type, shown in (
            *(("/openapi.json", "openapi", "This description", "OpenAPI 3.1.", "application/json", _ANY_OBJECT),),
            *(("/openapi.html", "openapi_page", "This description, to read", "A page.", "text/html", _TEXT),),
            *(("/health", "health", "Whether the code is there", "No more than that.", "application/json", _HEALTH),),
        )
    }


_ANY_OBJECT = {"schema": {"type": "object"}}
_TEXT = {"schema": _PAGE_TEXT}
_HEALTH = {"schema": {"type": "object"}, "examples": {"well": example("It is there", {"status": "ok"})}}


def _open(path: str, name: str, summary: str, statuses: tuple[str, ...]) -> Document:
    """Return an operation that anybody may call: each answer is a page, or JSON to a script that accepts JSON."""
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told = {"application/json": {"schema": {"type": "object"}}} if name.endswith("survey") else {}
    responses = {
        status: {"description": _SHOWN[status], "content": _PAGE | told}
        if status in _SHOWN
        else {"description": _REFUSED[status], "content": _PAGE | refused}
        for status in sorted(statuses)
    }
    responses.setdefault("429", by_the_gateway("429"))
    words = {"summary": summary, "description": _ABOUT[path], "tags": ["people"]}
    return {"operationId": name, **words, "security": [], "responses": dict(sorted(responses.items()))}
