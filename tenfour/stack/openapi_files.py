"""Write the description where the functions find it: as JSON, and as a page."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from tenfour.common.paths import ROOT
from tenfour.stack.openapi import build

STATIC = ROOT / "chalicelib" / "web" / "static"
TEMPLATE = Path(__file__).with_name("openapi_page.html")


def as_json() -> str:
    """Return the description as it is served."""
    return json.dumps(build(), ensure_ascii=False, separators=(",", ":")) + "\n"


def as_page() -> str:
    """Return the description as a page."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    document = build()
    environment.filters["code"] = code
    template = environment.from_string(TEMPLATE.read_text())
    named = {name: document["components"]["schemas"][name] for name in ("UpdateBody", "PartyBody", "LinkBody", "Unit")}
    return template.render(document=document, schemas=named, kind=kind) + "\n"


def code(text: str) -> Markup:
    """Return a text whose parts between backticks are code."""
    parts = [escape(part) for part in text.split("`")]
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts)
    )


def kind(schema: dict[str, Any]) -> str:
    """Return what a field holds, in a few words."""
    if "allOf" in schema:
        return kind(schema["allOf"][0])
    if "anyOf" in schema:
        return " or ".join(kind(each) for each in schema["anyOf"] if each.get("type") != "null")
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return ", ".join(str(each) for each in schema["enum"])
    if schema.get("type") == "array":
        most = f", at most {schema['maxItems']}" if "maxItems" in schema else ""
        return f"list of {kind(schema['items'])}{most}"
    if schema.get("format") == "date-time":
        return "instant with an offset"
    longest = f", at most {schema['maxLength']}" if "maxLength" in schema else ""
    names = {"string": "text", "boolean": "true or false", "integer": "number"}
    return names[schema["type"]] + longest


def write() -> None:
    """Write both files."""
    (STATIC / "openapi.json").write_text(as_json())
    (STATIC / "openapi.html").write_text(as_page())


if __name__ == "__main__":
    write()
