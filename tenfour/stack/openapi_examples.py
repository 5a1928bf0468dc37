"""Examples of requests and answers: the posts of a call's life from docs/vendor/webhook.md, and what comes back."""

import json
import re
from typing import Any

from tenfour.stack.openapi_answers import GATEWAY, Document, example
from tenfour.stack.openapi_schemas import PAGE

_POST = re.compile(r"^\*\*(\d)\. ([^*]+?)\.\*\* .*?```json\n(.*?)```", re.MULTILINE | re.DOTALL)
_NAMES = ("received", "dispatched", "on_its_way", "arrived", "closed", "case_number")

TAKEN: dict[str, dict[str, Any]] = {
    "all": example("All were taken", {"accepted": 1, "duplicates": 0, "rejected": []}),
    "again": example("The same, sent again", {"accepted": 0, "duplicates": 1, "rejected": []}),
    "some": example(
        "One was rejected, its neighbour taken",
        {
            "accepted": 1,
            "duplicates": 0,
            "rejected": [
                {
                    "index": 1,
                    "incident_number": "P26-0001235",
                    "error": "updates[1].as_of: Expected datetime with a timezone component",
                }
            ],
        },
    ),
    "taken_back": example(
        "Nulls took back what was known",
        {
            "accepted": 1,
            "duplicates": 0,
            "rejected": [],
            "taken_back": [{"index": 0, "incident_number": "P26-0001234", "fields": ["incident_type", "arrived_at"]}],
        },
    ),
}

NONE_TAKEN: dict[str, dict[str, Any]] = {
    "all": example(
        "All were rejected",
        {
            "accepted": 0,
            "duplicates": 0,
            "rejected": [{"index": 0, "incident_number": "P26-0001234", "error": "updates[0].as_of: required"}],
        },
    ),
    "none": example("No update was there", {"error": "updates: Expected array of length >= 1"}),
}

PROBLEMS: dict[str, tuple[str, str]] = {
    "400": ("The body is no JSON", "the body is not JSON in UTF-8"),
    "401": ("Not signed, and no key", "a webhook-signature or a bearer key is required"),
    "403": ("Another address asks for a certificate", "post to cad.city.example, which asks for your certificate"),
    "404": ("The agency has published no settings", "agency_id: no such agency"),
    "413": ("Too large", "the body is larger than 256 KiB"),
    "415": ("Another media type", "content-type: expected application/json"),
    "5XX": ("Others changed the same incidents at once", "others changed the incident at the same time"),
}


def posts() -> dict[str, Document]:
    """Return the six posts of a call's life by their names: the last is the records system's."""
    found = _POST.findall(PAGE.read_text())
    return {
        name: example(f"{number}. {title}", json.loads(body))
        for name, (number, title, body) in zip(_NAMES, found, strict=True)
    }


def problems(status: str) -> Document:
    """Return what an answer of an error looks like, of ours and of API Gateway's."""
    shown: Document = {}
    if status in PROBLEMS:
        summary, words = PROBLEMS[status]
        shown["ours"] = example(summary, {"error": words})
    if status in GATEWAY:
        shown["gateway"] = example("From API Gateway", {"message": GATEWAY[status]})
    return shown


_XML = "<Incident><Number>P26-0001234</Number><OnScene>2026-11-21T17:46:22</OnScene></Incident>"
MAPPED: dict[str, tuple[str, str]] = {
    "application/xml": ("XML", _XML),
    "text/xml": ("XML", _XML),
    "text/csv": ("Rows under a line of names", "number,on_scene\nP26-0001234,2026-11-21T17:46:22\n"),
    "text/plain": ("Text", "P26-0001234 ON SCENE 17:46:22\n"),
}
"""Bodies in a system's own format: only a mapping that the agency published says what they mean."""
