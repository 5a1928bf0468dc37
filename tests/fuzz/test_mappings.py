"""Payloads of any shape, mapped: whatever they hold, they are read or refused, and no word about the nature is lost."""

import contextlib
import json
import re
from datetime import timedelta

import httpx
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.inbound.cad.read_updates import Malformed, Unacceptable
from chalicelib.inbound.mapping.batch import as_batch, mapper_of, read_mapped
from chalicelib.inbound.mapping.file import InvalidMapping, References, read_mapping
from chalicelib.inbound.mapping.losses import losses
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.inbound.mapping.patterns import takes_long
from chalicelib.inbound.mapping.references import resolve
from feed.config import Feed
from feed.place import FeedChange, Place
from feed.post import Post, Sender
from tenfour.common.paths import ROOT
from tests.factories import NOW
from tests.feed.standin import SECRET
from tests.fuzz.many import fewer, many
from tests.fuzz.test_parsers import mutated, values

FOLDER = ROOT / "tests" / "mappings"
FILES = sorted([*(ROOT / "infra" / "maps").glob("*.toml"), *FOLDER.glob("*.toml")])
SEEDS = {kind: [path.read_bytes() for path in sorted(FOLDER.glob(f"*.{kind}"))] for kind in ("json", "xml", "csv")}
MAPS = {
    kind: [mapper_of((ROOT / where).read_text()) for where in named]
    for kind, named in {
        "json": ["infra/maps/eido.toml", "tests/mappings/nested.toml", "tests/mappings/keyed.toml"],
        "xml": ["infra/maps/aegis.toml", "tests/mappings/elements.toml", "tests/mappings/attributes.toml"],
        "csv": ["tests/mappings/semicolons.toml", "tests/mappings/log.toml"],
    }.items()
}
payloads = st.sampled_from(sorted(SEEDS)).flatmap(
    lambda kind: st.tuples(st.sampled_from(MAPS[kind]), mutated(SEEDS[kind]))
)


@many
@given(payloads)
def test_payloads(tried, told):
    tried["mapped payloads"] += 1
    mapper, body = told
    with contextlib.suppress(Malformed, Unacceptable):
        batch = read_mapped(mapper, body, "wh", "US", NOW)
        assert all(item.error for item in batch.rejected)


NATURE = ["incident_type", "incident_type_description", "type_modifier", "initial_type", "offenses"]
PATHS = ["w", "a.w", "a[].w", "a.b.w", "a[*].b[].w", "*.w"]
WORD = "DV 5150"


def hidden(inner):
    """Return shapes that hold the word somewhere at a path: in lists of lists, beside others, in parts of parts."""
    return st.lists(inner | st.sampled_from(["LOUD", "", None, 7]), min_size=1, max_size=3).map(
        lambda items: items if WORD in str(items) else [*items, WORD]
    )


places = st.recursive(st.just(WORD), hidden, max_leaves=6)
parts = st.builds(
    lambda word, beside, many: [{"w": word}, beside] if many else {"w": word}, places, values, st.booleans()
)


@many
@given(st.sampled_from(NATURE), places, parts, values)
def test_no_word_about_the_nature_is_lost(tried, field, word, part, beside):
    tried["words about the nature, in any list and part"] += 1
    for path, told in (("w", {"w": word}), ("a.w", {"a": part}), ("a[].w", {"a": part}), ("a.b.w", {"a": {"b": part}})):
        mapper = mapper_of(
            f'format = "json"\n[fields]\nincident_number = "n"\nas_of = "t"\nbeat = "x"\n{field} = "{path}"'
        )
        body = {"n": "1", "t": NOW.isoformat(), "x": beside, **told}
        batch = as_batch(list(mapper.map(body, NOW)), "wh", "US", NOW)
        heard = [item for update in (*batch.updates, *batch.salvaged) for item in update.evidence]
        assert any(WORD in (item.code, item.text) for item in heard), (path, body, batch)


@fewer
@given(mutated([path.read_bytes() for path in FILES]))
def test_mapping_files(tried, text):
    tried["mappings"] += 1
    with contextlib.suppress(InvalidMapping):
        mapping = read_mapping(text.decode(errors="replace"))
        assert Mapper(mapping).mapping == mapping
        assert all(losses(mapping))


alphabet = st.sampled_from([*r"ab.*+?(){}|^$\\", r"\d", r"\w", "{1,3}", "(?:", "(?=", "*?", "*+", "[^a]"])


@many
@given(st.lists(alphabet, max_size=10).map("".join))
def test_patterns(tried, pattern):
    tried["patterns"] += 1
    with contextlib.suppress(re.error):
        refused = takes_long(pattern)
        found = None if refused else re.compile(pattern).search("ab" * 200 + "c")
        assert refused or found is None or found.end() <= 401


names = st.sampled_from("abcdefgh")
graphs = st.dictionaries(
    names, st.dictionaries(names, st.builds(lambda name: {"$ref": name}, names), max_size=4), max_size=8
)


@many
@given(graphs)
def test_references(tried, graph):
    tried["references"] += 1
    record = {"all": [{"$id": name, **part} for name, part in graph.items()], "one": {"$ref": "a"}}
    with contextlib.suppress(Malformed):
        assert json.dumps(resolve(record, References()))


answers = st.builds(
    lambda status, headers, body: (status, headers, body),
    st.integers(200, 599),
    st.dictionaries(st.sampled_from(["retry-after", "date"]), st.text("0123456789 abc-:,GMT", max_size=12)),
    values.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=12),
)


@fewer
@given(st.lists(answers, max_size=5))
def test_answers_to_a_feed(tried, tmp_path_factory, odd):
    tried["answers to a feed"] += 1
    place = Place(tmp_path_factory.mktemp("feed") / "feed.db")
    told, waiting = Feed(address="https://a.example", agency="a", mapping="", state=""), list(odd)
    asked = []

    def answer(request):
        asked.append(request)
        status, headers, body = waiting.pop() if waiting else (202, {}, b'{"accepted": 1, "rejected": []}')
        return httpx.Response(status, headers=headers, content=body)

    passed = [0.0]
    client = httpx.Client(transport=httpx.MockTransport(answer))
    sender = Sender(told, place, Post(told, SECRET, client, lambda: NOW + timedelta(seconds=passed[0])))
    place.take([FeedChange("1", 0, {"incident_number": "1"}, "1")], NOW.timestamp())
    for step in range(40):
        passed[0] = step * 700.0
        sender.step(passed[0])
        sender.beat(passed[0])
    left = place.count_waiting()
    place.close()

    assert asked
    assert left == 0
