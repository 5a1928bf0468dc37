"""OpenAPI of what a vendor sees of its own posts, and of other ways in: checks, reading back, events, weaker keys."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from chalicelib.domain.incidents.posted import KEPT_FOR, Posted, PostedUpdate
from chalicelib.inbound.cad.cloud_events import EVENT
from chalicelib.insight.posted.look import Look, look
from chalicelib.insight.settings.files import load_settings
from chalicelib.web.received import ReadBack
from tenfour.common.paths import AGENCIES
from tenfour.stack.openapi_answers import Document, answer, example, parameter

CHECK = parameter(
    "check",
    "query",
    {"type": "string", "enum": ["1"]},
    "Store nothing, and answer what would be understood. Another value, and a name that only looks like this one, such "
    "as `dry_run` or `validate`, are answered 400.",
)
_ID = parameter("id", "query", {"type": "string"}, "The webhook-id of one request; without it, the last 50.")
WEAKER: tuple[Document, ...] = ({"basic": []}, {"ownHeader": []})
"""Ways in which the key itself travels, beside the bearer key."""

SCHEMES: Document = {
    "basic": {"type": "http", "scheme": "basic", "description": "weaker: for a system that can do nothing else"},
    "ownHeader": {
        "type": "apiKey",
        "in": "header",
        "name": "x-api-key",
        "description": "weaker: for a system that can do nothing else; the agency may choose another name",
    },
}


_AT = datetime(2026, 11, 22, 0, 20, tzinfo=UTC)
_UPDATE = {"incident_number": "P26-0001234", "as_of": "2026-11-21T17:20:00-07:00", "incident_type": "NOISE"}
_EVENT = {
    "specversion": "1.0",
    "id": "msg_2f1c",
    "source": "/cad/springfield",
    "type": "incident.updated",
    "datacontenttype": "application/json",
    "data": _UPDATE,
}
READ_BACK = ReadBack(
    key="springfield-cad-1",
    since=_AT - KEPT_FOR,
    requests=(
        Posted(
            id="msg_2f1c",
            at=_AT,
            answer=202,
            accepted=1,
            updates=(PostedUpdate(index=0, incident_number="P26-0001234", as_of=_AT, fields=("incident_type",)),),
        ),
    ),
)
"""What a key posted, as it is read back."""


def _looked_at() -> Look:
    """Return what our own code says of the event's update."""
    return look(msgspec.json.encode({"updates": [_UPDATE]}), "cad", load_settings(AGENCIES / "demo.toml"), _AT)


def schemas() -> Document:
    """Return the schemas of the answers."""
    _, found = msgspec.json.schema_components((Look, ReadBack), ref_template="#/components/schemas/{name}")
    for shown in found.values():
        for field in shown["properties"].values():
            field.pop("default", None)  # they are answers: nobody writes one
    for name, about in (("Look", "What would be understood of a post."), ("ReadBack", "What a key posted lately.")):
        found[name]["description"] = about
    found["Event"] = {
        "type": "object",
        "description": "A CloudEvent 1.0; its data is the body, a single update, or with a mapping a system's own. "
        "A batch of them is taken, too; generators of clients trip over a body that is a list, so it is not described.",
        "required": ["specversion", "id", "source", "type"],
        "properties": {
            "specversion": {"type": "string", "enum": ["1.0"]},
            **{name: {"type": "string", "minLength": 1} for name in ("id", "source", "type")},
            "datacontenttype": {"type": "string"},
            "data": {},
            "data_base64": {"type": "string", "contentEncoding": "base64"},
        },
    }
    return found


def checked() -> Document:
    """Return the answer to a check."""
    return _answer("With `check=1`: what it would be.", "Look", _looked_at())


def events() -> Document:
    """Return the media type in which one update comes as an event."""
    schema = {"$ref": "#/components/schemas/Event"}
    return {EVENT: {"schema": schema, "examples": {"event": example("One update as an event", _EVENT)}}}


def received(feed: str, agency: Document, security: list[Document], refusals: Document) -> Document:
    """Return the path at which a key reads back what it posted."""
    return {
        "parameters": [agency, _ID],
        "get": {
            "tags": ["webhooks"],
            "operationId": f"received_{feed}",
            "summary": "Read what this key posted in the last 24 hours",
            "description": "Ids, times, incident numbers and names of fields; no values.",
            "security": security,
            "responses": {"200": _answer("The requests, newest first.", "ReadBack", READ_BACK), **refusals},
        },
    }


def _answer(description: str, schema: str, shown: Any) -> Document:
    return answer(
        description, schema, examples={"shown": example(description, msgspec.json.decode(msgspec.json.encode(shown)))}
    )
