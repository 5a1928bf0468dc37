"""The description of the webhooks is valid, is what the types say, and is what is served."""

import json

import msgspec
import pytest

from app import app
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.inbound.cad.update_fields import LARGEST_BODY, MOST_UPDATES, PartyBody, UpdateBody
from tenfour.stack.openapi_files import STATIC, as_json, as_page
from tenfour.stack.openapi_schemas import PAGE
from tests.factories import NOW


@pytest.fixture(scope="module")
def document():
    return json.loads(as_json())


def test_it_is_openapi(document):
    from openapi_spec_validator import validate  # noqa: PLC0415  a third of a second in each worker of a run

    validate(document)

    assert document["openapi"] == "3.1.0"


@pytest.mark.parametrize(("name", "made"), [("openapi.json", as_json), ("openapi.html", as_page)])
def test_what_is_served_is_what_the_types_say(name, made):
    """`python -m tenfour.stack.openapi_files` writes both."""
    assert (STATIC / name).read_text() == made()


def test_it_has_every_route_and_method(document):
    methods = {
        path: {method.upper() for method in item if method != "parameters"} for path, item in document["paths"].items()
    }

    described = {path: set(entries) for path, entries in app.routes.items() if not path.startswith("/desk")}
    assert methods == described  # the desk is pages for people, behind their own sign-in


@pytest.mark.parametrize("kind", [UpdateBody, PartyBody])
def test_it_has_every_field_with_its_words(document, kind):
    schema = document["components"]["schemas"][kind.__name__]
    required = {field.name for field in msgspec.structs.fields(kind) if field.required}

    assert set(schema["properties"]) == set(kind.__struct_fields__)
    assert set(schema["required"]) == required
    assert [name for name, about in schema["properties"].items() if len(about["description"]) < 8] == []


def test_it_knows_the_limits(document):
    body = document["components"]["schemas"]["Body"]["properties"]["updates"]

    assert (body["minItems"], body["maxItems"]) == (1, MOST_UPDATES)
    assert str(LARGEST_BODY // 1024) in document["paths"]["/cad/{agency_id}/updates"]["post"]["description"]


def test_the_page_s_first_example_is_what_it_says():
    text = PAGE.read_text()
    example = text[text.index('    {"updates": [{') : text.index("**An update is a partial snapshot.**")]

    batch = read_updates(json.dumps(json.loads(example)).encode(), "docs", "US", NOW.replace(day=22))
    assert (len(batch.updates), batch.rejected) == (1, ())


def test_no_field_has_a_default_and_null_is_offered_only_where_it_takes_back(document):
    """FOUND H2: programs made from the document wrote each absent field as null, which took back what was known."""
    schemas = document["components"]["schemas"]
    nullable = {}
    for name in ("UpdateBody", "PartyBody", "LinkBody", "Unit"):
        for field, about in schemas[name]["properties"].items():
            assert "default" not in about
            nullable[name, field] = {"type": "null"} in about.get("anyOf", ())

    offered = {field for (_, field), yes in nullable.items() if yes}
    silent = {"update_id", "sequence", "reporting_parties", "safe_to_contact", "officer_ids", "unit", "relation"}
    silent |= {"incident_id", "first_seen", "as_of_now"}
    told = {field for _, field in nullable} - silent - {"juvenile", "do_not_contact"}
    assert offered == told - {"incident_number", "as_of", "party_id"}
    for name in ("UpdateBody", "PartyBody"):
        for field, about in schemas[name]["properties"].items():
            assert ("null takes back" in about["description"]) is nullable[name, field]
