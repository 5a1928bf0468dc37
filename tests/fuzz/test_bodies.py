"""Bodies in any encoding, and words in any shape: each letter and each word is there afterwards, or a text is stopped.

docs/vendor/mapping.md and docs/vendor/webhook.md say what is read.
"""

import csv
import io
import json
from xml.sax.saxutils import escape

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.incidents.update import Latch
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.inbound.mapping.batch import mapper_of, read_mapped
from chalicelib.inbound.mapping.file import read_mapping
from chalicelib.inbound.mapping.losses import losses
from tests.factories import NOW
from tests.fuzz.many import fewer, many
from tests.fuzz.test_mappings import NATURE, WORD, places
from tests.fuzz.test_parsers import UPDATE, values

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "windows-1252", "latin-1", "iso-8859-15"]
LETTERS = st.characters(codec="latin-1", categories=["L", "Nd", "P"], exclude_characters="<&")
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=9), min_size=1, max_size=4).map(" ".join)
FIELDS = '[fields]\nincident_number = "n"\nas_of = "t"\nincident_type_description = "w"\n'


def _json(words, _encoding):
    return json.dumps({"n": "1", "t": NOW.isoformat(), "w": words}, ensure_ascii=False)


def _xml(words, encoding):
    told = f'<?xml version="1.0" encoding="{encoding}"?>' if encoding else ""
    return f"{told}<r><n>1</n><t>{NOW.isoformat()}</t><w>{escape(words)}</w></r>"


def _rows(words, _encoding):
    written = io.StringIO()
    csv.writer(written).writerows([("n", "t", "w"), ("1", NOW.isoformat(), words)])
    return written.getvalue()


WRITTEN = {"json": _json, "xml": _xml, "rows": _rows}


def heard_in(batch):
    """Return every word about the nature that holds, of updates that were taken and of others."""
    told = (*batch.updates, *batch.salvaged)
    heard = [f"{item.code} {item.text}" for update in told for item in update.evidence]
    return heard + [word for update in told for word in update.facts.get("dispositions") or ()]


@many
@given(st.sampled_from(sorted(WRITTEN)), st.sampled_from(ENCODINGS), WORDS, st.booleans())
def test_a_letter_is_the_same_in_every_encoding(tried, kind, encoding, words, declared):
    tried["encodings of mapped bodies"] += 1
    name = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    body = WRITTEN[kind](words, name if declared else "").encode(encoding)
    assume(name in ("utf-8", "utf-16") or body.isascii() or not is_utf_8(body))
    head = "" if name in ("utf-8", "utf-16") else f'encoding = "{name}"\n'
    batch = read_mapped(mapper_of(f'format = "{kind}"\n{head}{FIELDS}'), body, "wh", "US", NOW)

    assert [update.facts["incident_type_description"] for update in batch.updates] == [words]


def is_utf_8(body):
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


@many
@given(WORDS)
def test_a_byte_order_mark_changes_nothing(tried, words):
    tried["bodies with a byte-order mark"] += 1
    body = json.dumps({"updates": [UPDATE | {"incident_type_description": words}]}, ensure_ascii=False)
    plain = read_updates(body.encode(), "wh", "US", NOW)

    assert plain.updates[0].facts["incident_type_description"] == words
    assert read_updates(body.encode("utf-8-sig"), "wh", "US", NOW) == plain


shapes = st.recursive(
    st.just(WORD),
    lambda inner: (
        st.dictionaries(st.text(max_size=3), inner | st.integers(), max_size=2).map(lambda part: part | {"is": WORD})
        | st.lists(inner | st.sampled_from(["LOUD", "", None, 7, True, {}, []]), max_size=130).map(
            lambda items: [*items, WORD]
        )
    ),
    max_leaves=6,
)


@many
@given(st.sampled_from([*NATURE, "dispositions", "disposition"]), shapes | places, values)
def test_no_word_about_the_nature_is_lost_whatever_stands_where_one_was_expected(tried, field, shape, beside):
    """docs/vendor/webhook.md: a rejected update's words hold all the same; beyond 100 words nobody is told."""
    tried["any shape where a word was expected"] += 1
    told = UPDATE | {"incident_type": "NOISE", "beat": beside, field: shape}
    heard = heard_in(read_updates(msgspec.json.encode({"updates": [told]}), "wh", "US", NOW))

    assert len(heard) > 100 or any(WORD in word for word in heard)


@many
@given(
    st.sampled_from(list(Latch)),
    st.recursive(
        st.sampled_from([True, "Y", "yes", "1", 1, "maybe", "TRUE"]),
        lambda inner: st.lists(inner | st.sampled_from([None, False, "no"]), max_size=3).map(
            lambda items: [*items, "Y"]
        ),
        max_leaves=4,
    ),
    values,
)
def test_what_can_only_stop_a_text_stops_it_whatever_its_type(tried, latch, yes, beside):
    tried["latches of any type"] += 1
    told = UPDATE | {"beat": beside, latch.value: yes}
    batch = read_updates(msgspec.json.encode({"updates": [told]}), "wh", "US", NOW)

    assert any(latch in update.latches for update in (*batch.updates, *batch.salvaged))


CELLS = st.lists(st.sampled_from(["", "LOUD", WORD, None]), min_size=3, max_size=3)


@many
@given(CELLS, st.sampled_from(["json", "rows"]))
def test_of_parts_that_are_put_together_each_that_is_there_counts(tried, cells, kind):
    """docs/vendor/mapping.md, `join`: texts are put together as far as they are there."""
    tried["joined parts"] += 1
    mapper = mapper_of(f'format = "{kind}"\n{FIELDS}type_modifier = {{join = ["a", "b", "c"]}}')
    told = dict(zip("abc", cells, strict=True)) | {"n": "1", "t": NOW.isoformat(), "w": "NOISE"}
    written = io.StringIO()
    csv.writer(written).writerows([told, told.values()])
    body = json.dumps(told) if kind == "json" else written.getvalue()
    (update,) = read_mapped(mapper, body.encode(), "wh", "US", NOW).updates

    assert update.facts.get("type_modifier") == (" ".join(filter(None, cells)) or None)


trees = st.recursive(
    st.sampled_from(["LOUD", "<br/>", "", "<!-- x -->", "<![CDATA[LOUD]]>"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: f"<x>{''.join(parts)}</x>"),
    max_leaves=6,
)


@many
@given(st.lists(trees, max_size=3), st.lists(trees, max_size=3), st.integers(0, 4), st.booleans())
def test_a_word_of_xml_is_read_whatever_elements_stand_around_it(tried, before, after, depth, cdata):
    tried["elements within a text"] += 1
    word = f"<![CDATA[{WORD}]]>" if cdata else WORD
    inner = f"{'<i>' * depth}{word}{'</i>' * depth}"
    body = _xml("NOISE", "").replace("NOISE", "".join((*before, inner, *after)))
    batch = read_mapped(mapper_of(f'format = "xml"\n{FIELDS}'), body.encode(), "wh", "US", NOW)

    assert any(WORD in word for word in heard_in(batch))


LEADS_TO = {
    **dict.fromkeys(["a[].c", "a[0].c", "a[-1].c", "a[:2].c", "a[?k==`1`].c", "a.c", "*.c"], "a"),
    **dict.fromkeys(["a[].c | [0]", "sort(a[].c)", "a[*]", "to_string(a)", "join('/', a[].c)"], "a"),
    **dict.fromkeys(["c || d", "not_null(c, d)", "[c, d]", "{x: c, y: d}", "join(' ', [c, d])"], "cd"),
    "c": "c",
    "[d, a[].c][]": "da",
}
"""Paths, and the names of the record at which words about the nature stand."""

FORMS = [
    '"{}"',
    '["{}", "d"]',
    "{{from = \"{}\", pick = '^(\\w+)'}}",
    '{{join = ["{}", "d"]}}',
    '{{from = ["d", "{}"]}}',
]
said = st.recursive(
    st.sampled_from([WORD, "LOUD", "", None, 7]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("x"), inner, max_size=1),
    max_leaves=3,
)
items = st.fixed_dictionaries({}, optional={"c": said, "k": st.sampled_from([1, 2])})
records = st.fixed_dictionaries({}, optional={"a": st.lists(items, max_size=4) | items, "c": said, "d": said})


@many
@given(st.sampled_from(NATURE), st.sampled_from(sorted(LEADS_TO)), st.sampled_from(FORMS), records)
def test_a_mapping_that_the_check_lets_through_loses_no_word_at_its_path(tried, field, path, form, record):
    """docs/vendor/mapping.md: `tenfour mapping check` refuses a mapping that could lose such a word."""
    tried["mappings that lose no word"] += 1
    text = f'format = "json"\n[fields]\nincident_number = "n"\nas_of = "t"\n{field} = {form.format(path)}'
    if losses(read_mapping(text)):
        return
    body = json.dumps(record | {"n": "1", "t": NOW.isoformat()}).encode()
    heard = heard_in(read_mapped(mapper_of(text), body, "wh", "US", NOW))

    named = [record.get(name) for name in (*LEADS_TO[path], *("d" if '"d"' in form else ""))]

    assert WORD not in json.dumps(named) or any(WORD in word for word in heard)


@fewer
@given(st.text(LETTERS, min_size=1, max_size=5), st.sampled_from(NATURE))
def test_no_table_of_codes_makes_every_unknown_word_one_of_ours(tried, ours, field):
    tried["tables of codes with an otherwise"] += 1
    head = f'format = "json"\n[fields]\nincident_number = "n"\nas_of = "t"\n{field} = "c"\n'

    assert losses(read_mapping(f'{head}[codes.{field}]\n"*" = {json.dumps(ours)}'))
