"""The part of the description that vendors need: the three webhooks, and where a key reads back what it posted."""

import re
from typing import Any

from chalicelib.auth import SHORTEST_SECRET
from chalicelib.inbound.cad.update_fields import LARGEST_BODY, MOST_UPDATES
from tenfour.stack.openapi_answers import GATEWAY, RETRY_AFTER, Document, answer, example, parameter
from tenfour.stack.openapi_examples import MAPPED, NONE_TAKEN, TAKEN, posts, problems
from tenfour.stack.openapi_eyes import CHECK, WEAKER, checked, events, received
from tenfour.stack.openapi_pages import AGENCY
from tenfour.stack.openapi_schemas import PAGE

_STATUSES = re.compile(r"^\| ([\d, x]+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_OURS = ("202", "422")
"""Answers that list what became of each update."""

_LATER = ("429", "5XX")
_OF_HEARTBEATS = ("400", "401", "403", "404", "413", *_LATER)
_REFUSALS = ("401", "403", "404", "413", *_LATER)
_SIGNED: list[Document] = [
    {"webhookId": [], "webhookTimestamp": [], "webhookSignature": []},
    {"bearer": []},
    *WEAKER,
]
_MAPPING = parameter(
    "mapping",
    "query",
    {"type": "string"},
    "A mapping that the agency published: the body is then in the system's own JSON, XML, CSV or text.",
)
_PARTIAL = parameter(
    "tenfour-partial",
    "header",
    {"type": "string", "enum": ["1"]},
    "Others are missing beside these updates: they do not show that the feed lives.",
)
_WORDS = (
    f"1 to {MOST_UPDATES} updates, at most {LARGEST_BODY // 1024} KiB. Order and repetition do not matter: for each "
    "field the word with the latest `as_of` wins. With `mapping`, the body is what your system writes, in its own type."
)


def webhooks() -> Document:
    """Return the paths to which dispatch and records systems post, and from which they read."""
    failures = _failures()
    told = {
        "200": checked(),
        "202": answer("At least one update was taken or known.", "Taken", examples=TAKEN),
        "422": answer("No update could be taken, or there are not 1 to 100.", "Taken", "Problem", examples=NONE_TAKEN),
        **failures,
    }
    shown = posts()
    of = {"rms": {"case_number": shown.pop("case_number")}, "cad": shown}
    paths = {
        f"/{feed}/{{agency_id}}/updates": {
            "parameters": [AGENCY, _MAPPING, _PARTIAL, CHECK],
            "post": {
                "operationId": f"receive_{feed}",
                "summary": f"Tell what happened, from a {system} system",
                "description": _WORDS,
                "tags": ["webhooks"],
                "security": _SIGNED,
                "requestBody": _body(of[feed]),
                "responses": dict(sorted(told.items())),
            },
        }
        for feed, system in (("cad", "dispatch"), ("rms", "records"))
    }
    heard = answer("Heard.", "Heard", examples={"heard": example("Heard", {"heard": True})})
    refusals = {status: failures[status] for status in _REFUSALS}
    read_back = {
        f"/{feed}/{{agency_id}}/received": received(feed, AGENCY, _SIGNED, refusals) for feed in ("cad", "rms")
    }
    return (
        paths
        | read_back
        | {
            "/cad/{agency_id}/heartbeat": {
                "parameters": [AGENCY],
                "post": {
                    "operationId": "heartbeat",
                    "summary": "Say that the feed lives although nothing happened",
                    "description": "Post it when a minute has passed without a change. An empty body is enough.",
                    "tags": ["webhooks"],
                    "security": _SIGNED,
                    "responses": {"202": heard, **{status: failures[status] for status in _OF_HEARTBEATS}},
                },
            }
        }
    )


def _body(examples: Document) -> Document:
    ours = {"schema": {"$ref": "#/components/schemas/Body"}, "examples": examples}
    theirs = {
        media_type: {"schema": {"type": "string"}, "examples": {"theirs": example(summary, text)}}
        for media_type, (summary, text) in MAPPED.items()
    }
    words = "Updates as JSON; with `mapping` the body is the system's own."
    return {"description": words, "required": True, "content": {"application/json": ours, **theirs, **events()}}


def _failures() -> Document:
    """Return the answers of the statuses that docs/vendor/webhook.md lists, with what each means and what to do."""
    rows = _STATUSES.findall(PAGE.read_text())
    listed = [(status, means, todo) for statuses, means, todo in rows for status in statuses.split(", ")]
    return {
        status.upper(): _failure(status.upper(), f"{means[:1].upper()}{means[1:]}: {todo}.")
        for status, means, todo in listed
        if status not in _OURS
    }


def _failure(status: str, words: str) -> Document:
    ours = ("Problem",) if status != "429" else ()
    theirs = ("GatewayMessage",) if status in GATEWAY else ()
    headers: dict[str, Any] | None = RETRY_AFTER if status in _LATER else None
    return answer(words, *ours, *theirs, examples=problems(status), headers=headers)


def security() -> Document:
    """Return the ways in which a request may show whose it is."""

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
