"""References of a document: what they mean is put in their place, and no document grows without end."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.inbound.cad.read_updates import Malformed
from chalicelib.inbound.mapping import references
from chalicelib.inbound.mapping.batch import mapper_of
from chalicelib.inbound.mapping.file import References
from chalicelib.inbound.mapping.references import DEEPEST, DEEPEST_REFERENCE, MOST_PARTS, resolve
from tests.factories import NOW

EIDO = References()


def size(part):
    """Return how many objects and lists a tree has."""
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return isinstance(part, dict | list) + sum(map(size, inner))


def doubling(steps):
    parts = [{"$id": f"p{n}", "a": {"$ref": f"p{n + 1}"}, "b": {"$ref": f"p{n + 1}"}} for n in range(steps)]
    return {"first": {"$ref": "p0"}, "parts": [*parts, {"$id": f"p{steps}", "w": "DV"}]}


def test_a_part_stands_where_it_is_meant():
    record = {"who": {"$ref": "p1"}, "people": [{"$id": "p1", "phone": {"$ref": "c1"}}, {"$id": "c1", "n": 1}]}

    assert resolve(record, EIDO)["who"] == {"$id": "p1", "phone": {"$id": "c1", "n": 1}}
    assert record["who"] == {"$ref": "p1"}


@pytest.mark.parametrize("steps", [28, 60])
def test_references_that_double_and_double_stay_small(steps):
    record = resolve(doubling(steps), EIDO)

    assert size(record) < 100 * steps * 2**DEEPEST_REFERENCE


def test_words_behind_as_many_references_as_are_followed_are_read():
    path = f"first{'.a' * (DEEPEST_REFERENCE - 1)}.w"
    mapper = mapper_of(
        f'format = "json"\n[references]\n[fields]\nincident_number = "n"\nas_of = "t"\nincident_type = "{path}"'
    )
    body = json.dumps({"n": "1", "t": "2026-11-21T11:00:00Z", **doubling(DEEPEST_REFERENCE - 1)}).encode()

    assert mapper.read(body, NOW)[0].update["incident_type"] == "DV"


def test_a_function_over_the_whole_document_takes_no_time_and_says_nothing():
    mapper = mapper_of(
        'format = "json"\n[references]\n[fields]\nincident_number = "n"\nas_of = "t"\nbeat = "to_string(first)"'
    )
    body = json.dumps({"n": "1", "t": "2026-11-21T11:00:00Z", **doubling(28)}).encode()

    assert "beat" not in mapper.read(body, NOW)[0].update


def test_what_grows_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(references, "MOST_PARTS", 50)

    with pytest.raises(Malformed, match="references make the body larger"):
        resolve(doubling(28), EIDO)
    assert MOST_PARTS > 50


def test_what_is_too_deep_is_refused():
    record: dict = {"$id": "x"}
    for _ in range(DEEPEST + 1):
        record = {"a": record}

    with pytest.raises(Malformed, match="deeper"):
        resolve({"r": {"$ref": "x"}, "b": record}, EIDO)


names = st.sampled_from("abcde")
documents = st.recursive(
    st.builds(lambda name: {"$ref": name}, names) | st.integers(),
    lambda inner: (
        st.builds(lambda name, told: {"$id": name, **told}, names, st.dictionaries(names, inner, max_size=3))
        | st.lists(inner, max_size=3)
    ),
    max_leaves=25,
)


@given(st.dictionaries(names, documents, max_size=4))
def test_any_document_of_references_becomes_a_tree_that_ends(record):
    resolved = resolve(record, EIDO)

    assert json.loads(json.dumps(resolved)) == resolved


@pytest.mark.parametrize(("ref", "named"), [("#p1", "p1"), ("#p1", "#p1"), ("p1", "p1")])
def test_a_reference_may_begin_with_a_hash(ref, named):
    """Found: a producer writes `#location` for the part whose id is `location`."""
    record = resolve({"who": {"$ref": ref}, "people": [{"$id": named, "phone": "1"}]}, EIDO)

    assert record["who"] == {"$id": named, "phone": "1"}


def test_a_reference_with_a_hash_to_nothing_stays():
    assert resolve({"who": {"$ref": "#"}, "people": [{"$id": "p1"}]}, EIDO)["who"] == {"$ref": "#"}
