"""What the description allows is taken, its examples are what happens, its patterns mean the same everywhere."""

import json
import re
from typing import get_args, get_type_hints

import duckdb
import pytest
import schemathesis
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from chalicelib.boundary import answering
from chalicelib.domain.names import AgencyId
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.inbound.cad.update_fields import PartyBody, UpdateBody
from chalicelib.web.webhooks import hear, receive
from tenfour.stack.openapi import build
from tenfour.stack.openapi_answers import GATEWAY
from tenfour.stack.openapi_schemas import NO_LINE_BREAK
from tests.factories import NOW, agency
from tests.fuzz.doors import Doors, request, signed

DOCUMENT = build()
UPDATES = {feed: DOCUMENT["paths"][f"/{feed}/{{agency_id}}/updates"]["post"] for feed in ("cad", "rms")}
PLAUSIBLE = "2026-11-21T17:20:00-07:00"
LATER = NOW.replace(month=12)


def validator(schema):
    import jsonschema  # noqa: PLC0415  more than a second in each worker of a run

    return jsonschema.Draft202012Validator(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": DOCUMENT["components"], **schema},
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def inner(value):
    """Yield a value and all that it holds."""
    yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inner(each)


def bodies():
    """Yield each body that the description has an example of, with its schema."""
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            for status, told in {"": operation.get("requestBody", {}), **operation["responses"]}.items():
                for media_type, content in told.get("content", {}).items():
                    for name, shown in content.get("examples", {}).items():
                        yield f"{method} {path} {status} {media_type} {name}", content["schema"], shown["value"]


EXAMPLES = {where: (schema, value) for where, schema, value in bodies()}


@pytest.mark.parametrize("where", EXAMPLES)
def test_each_example_is_as_its_schema_says(where):
    schema, value = EXAMPLES[where]

    assert [problem.message for problem in validator(schema).iter_errors(value)] == []


def test_each_request_and_answer_of_the_webhooks_has_an_example():
    paths = [path for path in DOCUMENT["paths"] if path.startswith(("/cad/", "/rms/"))]
    told = [
        DOCUMENT["paths"][path][method]
        for path in paths
        for method in ("get", "post")
        if method in DOCUMENT["paths"][path]
    ]
    bodies = [each["requestBody"] for each in told if "requestBody" in each]
    answers = [answer for each in told for answer in each["responses"].values()]

    assert len(answers) > len(GATEWAY)
    assert all(content["examples"] for each in (*bodies, *answers) for content in each["content"].values())


def test_the_six_posts_of_a_call_are_taken_and_answered_as_the_example_says():
    world = Doors(agency())
    shown = {name: each["value"] for feed in UPDATES for name, each in posts(feed).items()}

    for name, told in shown.items():
        batch = read_updates(json.dumps(told).encode(), name, "US", LATER)
        assert (len(batch.updates), batch.rejected) == (1, ())

    assert list(shown) == ["received", "dispatched", "on_its_way", "arrived", "closed", "case_number"]
    assert world.rejects.kept == []


def posts(feed):
    return UPDATES[feed]["requestBody"]["content"]["application/json"]["examples"]


def told(status, feed="cad"):
    """Return the values of an answer's examples."""
    content = UPDATES[feed]["responses"][status]["content"]["application/json"]
    return {name: each["value"] for name, each in content["examples"].items()}


def post(body, world=None, **headers):
    sent = request("POST", body, signed(body) | headers)
    return answering(receive)(headers.get("to", "springfield"), "cad", sent, world or Doors(agency()))


class Elsewhere(Doors):
    """A stack that wants a certificate."""

    cad_domain = "cad.city.example"


UNSIGNED = {"webhook-signature": "v0,", "authorization": ""}


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("400", lambda: post(b"{")),
        ("403", lambda: post(b'{"updates": []}', Elsewhere(agency()))),
        ("404", lambda: post(b'{"updates": []}', Doors())),
        ("413", lambda: post(b" " * 300_000)),
        ("415", lambda: post(b"", **{"content-type": "text/html"})),
        ("401", lambda: answering(receive)("springfield", "cad", bare(), Doors(agency()))),
    ],
)
def test_an_error_is_what_its_example_says(status, answer):
    found = answer()

    assert found.status_code == int(status)
    assert found.body == told(status)["ours"]


def bare():
    return request("POST", b"{}", {"content-type": "application/json"})


def test_what_is_rejected_is_in_the_words_of_the_example():
    without_zone = {"incident_number": "P26-0001235", "as_of": "2026-11-21T17:20:00"}
    good = {"incident_number": "P26-1", "as_of": PLAUSIBLE}
    some = post(json.dumps({"updates": [good, without_zone]}).encode())
    every = post(json.dumps({"updates": [{"incident_number": "P26-0001234"}]}).encode())

    assert json.loads(json.dumps(some.body)) == told("202")["some"]
    assert json.loads(json.dumps(every.body)) == told("422")["all"]
    assert post(b'{"updates": []}').body == told("422")["none"]


def test_a_heartbeat_is_answered_as_the_example_says():
    heartbeat = DOCUMENT["paths"]["/cad/{agency_id}/heartbeat"]["post"]["responses"]["202"]
    shown = heartbeat["content"]["application/json"]["examples"]["heard"]["value"]

    answer = hear("springfield", request("POST", b"", signed(b"")), Doors(agency()))

    assert (answer.status_code, answer.body) == (202, shown)


# --- patterns

PATTERNS = sorted({
    each["pattern"] for each in inner(DOCUMENT) if isinstance(each, dict) and isinstance(each.get("pattern"), str)
})  # fmt: skip
ODD = ["P26-1", "a\n", "\n", "a b ", " a", "é", "\x7f", "springfield"]
TEXTS = st.one_of(st.text(st.characters(exclude_characters="\x00"), max_size=6), st.sampled_from(ODD))


@given(TEXTS)
def test_patterns_mean_in_re2_what_ours_mean_here(text):
    """FOUND H11: `(?!\\n)` is no RE2, and without it Python's `$` takes a last line break."""
    for pattern in PATTERNS:
        (by_re2,) = duckdb.execute("select regexp_matches(?, ?)", [text, pattern]).fetchone()
        assert by_re2 == bool(re.search(pattern + NO_LINE_BREAK, text))


def test_each_pattern_of_a_type_is_in_the_description_without_what_only_python_needs():
    ours = {meta.pattern for kind in (UpdateBody, PartyBody) for meta in metas(kind) if meta.pattern}
    (of_agency,) = [meta.pattern for meta in AgencyId.__metadata__]

    assert {pattern.removesuffix(NO_LINE_BREAK) for pattern in (*ours, of_agency)} <= set(PATTERNS)
    assert all(pattern.endswith("$" + NO_LINE_BREAK) for pattern in (*ours, of_agency))
    assert not any("(?" in pattern for pattern in PATTERNS)


def metas(kind):
    """Yield what is said of the values of a type's fields, however deep."""

    def of(hint):
        yield from (each for each in getattr(hint, "__metadata__", ()) if hasattr(each, "pattern"))
        for each in get_args(hint):
            yield from of(each)

    for hint in get_type_hints(kind, include_extras=True).values():
        yield from of(hint)


@pytest.mark.parametrize("field", ["incident_number", "update_id", "beat"])
def test_a_line_break_at_the_end_is_refused_all_the_same(field):
    told = {"incident_number": "P26-1", "as_of": PLAUSIBLE} | {field: "P26-1\n"}

    batch = read_updates(json.dumps({"updates": [told]}).encode(), "x", "US", LATER)

    assert [item.error for item in batch.rejected] == [f"updates[0].{field}: Expected printable characters only"]


# --- what the description allows

OPERATION = schemathesis.openapi.from_dict(DOCUMENT)["/cad/{agency_id}/updates"]["POST"]
CASES = OPERATION.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)


def sensible(body):
    """Return a body with instants that can be, a name of each call, and with each party once: no schema says that."""
    for told in body["updates"]:
        for named in (told, told.get("linked_to")):
            if named is not None and not {"incident_number", "incident_id"} & named.keys():
                named["incident_number"] = "P26-1"
        for name, value in told.items():
            if name == "as_of" or (name.endswith(("_at", "_for")) and value is not None):
                told[name] = PLAUSIBLE
        for place, party in enumerate(told.get("reporting_parties", ())):
            party["party_id"] = f"{place}-{party['party_id']}"[:40].strip()
    return body


def on_one_line(value):
    """Return a body without line breaks, which RE2's patterns let stand at the end of a text."""
    if isinstance(value, str):
        return value.replace("\n", "")
    if isinstance(value, list):
        return [on_one_line(each) for each in value]
    if isinstance(value, dict):
        return {on_one_line(name): on_one_line(each) for name, each in value.items()}
    return value


def test_a_line_break_goes_and_the_letter_that_writes_one_stays():
    """A body written as JSON has `\\n` where its text has a backslash and an n: taken away there, it was no JSON."""
    assert on_one_line({"a\n": ["b\\n", "c\n", 1, None]}) == {"a": ["b\\n", "c", 1, None]}


@settings(max_examples=60, phases=[Phase.generate])  # to shrink a whole body takes minutes
@given(CASES.filter(lambda case: case.media_type == "application/json"))
def test_whatever_the_description_allows_is_taken(case):
    body = sensible(on_one_line(case.body))

    batch = read_updates(json.dumps(body).encode(), "x", "US", LATER)

    assert batch.rejected == ()
