"""OpenAPI 3.1: fields and limits come from msgspec's types, the words and the examples from docs/vendor/webhook.md.

It is built here and kept as a file: building it in Lambda would import msgspec's schemas at every cold start.
"""

from tenfour.stack import openapi_eyes
from tenfour.stack.openapi_answers import Document
from tenfour.stack.openapi_pages import pages
from tenfour.stack.openapi_schemas import schemas
from tenfour.stack.openapi_webhooks import security, webhooks

_WORDS = (
    "Post what happens to an incident as soon as it changes, and a heartbeat when a minute has passed without one. "
    "Sign each request by Standard Webhooks, or send a bearer key.\n\n"
    "Leave out what you have nothing to say of: a null takes back what was said. Each answer names what nulls took "
    "back (`taken_back`).\n\n"
    'API Gateway, which stands before us, answers an unknown path or method with 403 and `{"message":"Missing '
    'Authentication Token"}`: your key was not looked at. Its other errors are `{"message":"…"}` too; ours are '
    '`{"error":"…"}`.'
)
_TAGS = {
    "webhooks": "For dispatch and records systems.",
    "people": "Pages behind the links in messages.",
    "carriers": "Callbacks of carriers.",
    "reference": "What programs and engineers read.",
}


def build() -> Document:
    """Return the whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tenfour",
            "version": "1",
            "summary": "An incident's changes, sent by a dispatch or records system.",
            "description": _WORDS,
            "contact": {"name": "The agency that gave you your key"},
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [
            {
                "url": "{address}",
                "description": "The address that the agency gave you.",
                "variables": {"address": {"default": "https://tell.agency.example", "description": "Without a path."}},
            }
        ],
        "tags": [{"name": name, "description": words} for name, words in _TAGS.items()],
        "paths": {**webhooks(), **pages()},
        "components": {
            "schemas": dict(sorted({**schemas(), **openapi_eyes.schemas()}.items())),
            "securitySchemes": {**security(), **openapi_eyes.SCHEMES},
        },
    }
