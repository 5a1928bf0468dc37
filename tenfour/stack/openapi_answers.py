"""Answers in the description: ours, API Gateway's, and what they look like."""

from typing import Any

Document = dict[str, Any]

GATEWAY = {
    "403": "Missing Authentication Token",
    "413": "Request Too Long",
    "429": "Too Many Requests",
    "5XX": "Endpoint request timed out",
}
"""What API Gateway answers by itself, before any of our code runs."""

RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds to wait before the same request is sent again.",
        "schema": {"type": "integer"},
    }
}


def parameter(name: str, where: str, schema: Document, description: str) -> Document:
    """Return a parameter that may be left out; `where` is `query` or `header`."""
    return {"name": name, "in": where, "required": False, "schema": schema, "description": description}


def example(summary: str, value: Any) -> Document:
    """Return an example with what it shows."""
    return {"summary": summary, "value": value}


def answer(
    description: str, *schemas: str, examples: Document | None = None, headers: Document | None = None
) -> Document:
    """Return an answer in JSON, of one of several schemas."""
    named = [{"$ref": f"#/components/schemas/{name}"} for name in schemas]
    content = {"schema": named[0] if len(named) == 1 else {"oneOf": named}}
    found: Document = {"description": description}
    if headers:
        found["headers"] = headers
    return {**found, "content": {"application/json": {**content, **({"examples": examples} if examples else {})}}}


def by_the_gateway(status: str) -> Document:
    """Return an answer that API Gateway gives by itself."""
    shown = {"gateway": example("From API Gateway", {"message": GATEWAY[status]})}
    return answer("Too many requests: send it again a little later.", "GatewayMessage", examples=shown)
