"""OpenAPI 3.1: fields and limits come from msgspec's types, the words from docs/vendor/webhook.md.

It is built here and kept as a file: building it in Lambda would import msgspec's schemas at every cold start.
"""

import re
from typing import Any

import msgspec

from chalicelib.auth import SHORTEST_SECRET
from chalicelib.domain.incidents.facts import MOST_ENTRIES
from chalicelib.domain.names import AgencyId
from chalicelib.domain.surveys.token import TOKEN_LENGTH
from chalicelib.inbound.cad.rejected import Taken
from chalicelib.inbound.cad.several import WORDS
from chalicelib.inbound.cad.update_fields import LARGEST_BODY, Body, PartyBody, UpdateBody
from tenfour.common.paths import ROOT

PAGE = ROOT / "docs" / "vendor" / "webhook.md"
_FIELDS = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)
_STATUSES = re.compile(r"^\| ([\d, x]+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_AGENCY = {"name": "agency_id", "in": "path", "required": True, "schema": msgspec.json.schema(AgencyId)}
_MAPPING = {
    "name": "mapping",
    "in": "query",
    "required": False,
    "schema": {"type": "string"},
    "description": "A mapping that the agency published: the body is then in the system's own JSON, XML or CSV.",
}
_TOKEN = {
    "name": "token",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": TOKEN_LENGTH, "maxLength": TOKEN_LENGTH, "pattern": "^[0-9A-Za-z]+$"},
}
_FORM = {
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        }
    }
}
_PAGE = {"text/html": {"schema": {"type": "string"}}}
_MAILED = {**_TOKEN, "schema": {"type": "string", "minLength": 1, "maxLength": 200}}
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

_OURS = ("202", "422")
"""Answers that list what became of each update."""

Document = dict[str, Any]


def build() -> Document:
    """Return the whole description."""
    _, schemas = msgspec.json.schema_components(
        (Body, UpdateBody, PartyBody, Taken), ref_template="#/components/schemas/{name}"
    )
    schemas["Body"]["properties"]["updates"]["items"] = {"$ref": "#/components/schemas/UpdateBody"}
    for name in ("UpdateBody", "PartyBody"):
        _describe(schemas[name], name)
    for name in WORDS:
        _allow_lists(schemas["UpdateBody"]["properties"][name])
    _allow_lists(schemas["PartyBody"]["properties"]["phone"])
    schemas["Problem"] = {
        "type": "object",
        "required": ["error"],
        "properties": {"error": {"type": "string", "description": "The error, in words; it begins with a field."}},
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tenfour",
            "version": "1",
            "summary": "An incident's changes, sent by a dispatch or records system.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "{address}", "variables": {"address": {"default": "https://tell.agency.example"}}}],
        "paths": {**_webhooks(), **_pages()},
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": _security()},
    }


def _describe(schema: Document, name: str) -> None:
    words = dict(_FIELDS.findall(PAGE.read_text()))
    for field, about in schema["properties"].items():
        described = words.get(field, "")
        if "$ref" in about:
            schema["properties"][field] = {"allOf": [about], "description": described}
        else:
            about["description"] = described
    schema["description"] = {
        "UpdateBody": "A partial snapshot: a field that is not there says nothing, null takes back what was said.",
        "PartyBody": "A person or institution; they merge by `party_id` and field.",
    }[name]


def _allow_lists(about: Document) -> None:
    """Say that a field of one text may be a list: it is taken apart before it is read."""
    word, nothing = about["anyOf"]
    about["anyOf"] = [word, {"type": "array", "items": word, "maxItems": MOST_ENTRIES}, nothing]


def _webhooks() -> Document:
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}}}
    signed: list[Document] = [{"webhookId": [], "webhookTimestamp": [], "webhookSignature": []}, {"bearer": []}]
    told = {
        "202": _answer("At least one update was taken or known.", "Taken"),
        "422": _answer("No update could be taken, or there are not 1 to 100.", "Taken", "Problem"),
        **{status: _answer(f"{means}: {todo}.", "Problem") for status, means, todo in _failures()},
    }
    note = f"At most {LARGEST_BODY // 1024} KiB."
    return {
        f"/{feed}/{{agency_id}}/updates": {
            "parameters": [_AGENCY, _MAPPING],
            "post": {
                "operationId": f"receive_{feed}",
                "summary": f"Tell what happened, from a {system} system",
                "description": note,
                "security": signed,
                "requestBody": body,
                "responses": told,
            },
        }
        for feed, system in (("cad", "dispatch"), ("rms", "records"))
    } | {
        "/cad/{agency_id}/heartbeat": {
            "parameters": [_AGENCY],
            "post": {
                "operationId": "heartbeat",
                "summary": "Say that the feed lives although nothing happened",
                "security": signed,
                "responses": {
                    "202": {"description": "Heard."},
                    **{status: told[status] for status in ("401", "403", "404", "413", "429", "5XX")},
                },
            },
        }
    }


def _failures() -> list[tuple[str, str, str]]:
    """Return the statuses that docs/vendor/webhook.md lists, with what each means and what to do."""
    rows = _STATUSES.findall(PAGE.read_text())
    listed = [(status, means, todo) for statuses, means, todo in rows for status in statuses.split(", ")]
    return [
        (status.upper(), means[:1].upper() + means[1:], todo) for status, means, todo in listed if status not in _OURS
    ]


def _pages() -> Document:
    people = {
        "/s/{token}": ("survey", "The survey behind a link", _TOKEN, ("200", "404", "410"), ("403", "422")),
        "/u/{token}": ("unsubscribe", "Stop messages, from a link in an email", _MAILED, ("200", "404"), ()),
        "/real/{agency_id}": (
            *("real", "Where texts come from, and whether a code in one is ours", _AGENCY),
            *(("200", "404"), ("429",)),
        ),
    }
    paths: Document = {
        path: {
            "parameters": [parameter],
            "get": _open(f"show_{name}", summary, (*shown, "503")),
            "post": {**_open(name, summary, (*shown, "400", "413", "503", *posted)), "requestBody": _FORM},
        }
        for path, (name, summary, parameter, shown, posted) in people.items()
    }
    paths["/s/{token}"]["head"] = _open("look_for_survey", "Whether it is there", ("200", "404", "410", "503"))
    for name, what in (("status", "Twilio's report on a text"), ("inbound", "A text that came to a number at Twilio")):
        taken = {"200": {"description": "Kept; it is not sent again.", "content": {"text/xml": {}}}}
        refused = {status: _answer(_REFUSED[status], "Problem") for status in ("400", "403", "413")}
        post = {"operationId": f"twilio_{name}", "summary": what, "security": [{"twilio": []}]}
        paths[f"/carriers/twilio/{name}"] = {"post": {**post, "requestBody": _FORM, "responses": taken | refused}}
    paths["/"] = {"get": _open("home", "Whose texts lead here, and where to check one", ("200", "503"))}
    for path, name, what, media_type in (
        ("/openapi.json", "openapi", "This description", "application/json"),
        ("/openapi.html", "openapi_page", "This description, to read", "text/html"),
        ("/health", "health", "Whether the code is there", "application/json"),
    ):
        ok = {"200": {"description": "Here.", "content": {media_type: {}}}}
        paths[path] = {"get": {"operationId": name, "summary": what, "security": [], "responses": ok}}
    return paths


def _open(name: str, summary: str, statuses: tuple[str, ...]) -> Document:
    """Return an operation that anybody may call: each answer is a page, or JSON to a script that accepts JSON."""
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told = {"application/json": {"schema": {"type": "object"}}} if name.endswith("survey") else {}
    responses = {
        status: {"description": _SHOWN[status], "content": _PAGE | told}
        if status in _SHOWN
        else {"description": _REFUSED[status], "content": _PAGE | refused}
        for status in sorted(statuses)
    }
    return {"operationId": name, "summary": summary, "security": [], "responses": responses}


def _answer(description: str, *schemas: str) -> Document:
    named = [{"$ref": f"#/components/schemas/{name}"} for name in schemas]
    schema = named[0] if len(named) == 1 else {"oneOf": named}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _security() -> Document:
    def header(name: str, description: str) -> Document:
        return {"type": "apiKey", "in": "header", "name": name, "description": description}

    secret = (
        "base64 of HMAC-SHA256 over id.timestamp.body; the key is what the base64 after whsec_ stands for, "
        f"{SHORTEST_SECRET} bytes or more"
    )
    return {
        "webhookId": header("webhook-id", "your name for the request, the same when it is sent again"),
        "webhookTimestamp": header("webhook-timestamp", "seconds since 1970, at most 5 minutes off"),
        "webhookSignature": header("webhook-signature", f"v1, and {secret}"),
        "bearer": {"type": "http", "scheme": "bearer", "description": "for a system that can't sign"},
        "twilio": header("x-twilio-signature", "Twilio's own signature"),
    }
