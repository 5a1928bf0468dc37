"""Forms over the one type of settings: a change is that change alone, and the same changes back leave the same file."""

import re
import tomllib
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.insight.settings import form_pages
from chalicelib.insight.settings.check import check
from chalicelib.insight.settings.check_text import check_text
from chalicelib.insight.settings.edit import Unwritable, edit, same, value_at
from chalicelib.insight.settings.entries import aligned, ordered, with_entry, without_entry
from chalicelib.insight.settings.form_fields import every_path, field, fits, read, shown
from chalicelib.insight.settings.form_fields import given as typed_into
from chalicelib.insight.settings.locate import spans
from tenfour.common.paths import AGENCIES, ROOT

SHIPPED = {name: (AGENCIES / f"{name}.toml").read_text() for name in ("demo", "starter", "seattle")}
SHIPPED["county"] = (
    SHIPPED["demo"]
    + """
# how they were treated
[[survey.questions]]
id = "respect"   # as the union agreed
text = { en = "The officer treated me with respect." }
labels.en = ["No", 'Yes']

# of what happened
[[survey.questions]]
id = "why"
kind = "choice"
text = { en = 'What was missing?' }  # short
choices = [ { id = "time", text = { en = "Too late" } }, { id = "news", text.en = "No news" } ]
# only of those below
[[survey.questions]]
id = "again"
kind = "yes_no"
[survey.questions.text]
en = "Again?"
# in Spanish too
es = "¿Otra vez?"
[survey.questions.only_if]
question = "respect"
answers = ["1"]  # the lowest

# apart

[[cities]]
name = 'Police Department of Eastford'  # its full name
short_name = "Eastford PD"
beats = ["6*"]
delay = { after = ["20m", "45m"] }

# the other
[[cities]]
beats = [
    "71",  # the mall
    "72",
]
name = "Police Department of Westford"
short_name = "Westford PD"
[cities.delay]
# once, and late
after = ["45m"]  # as they wrote

# of all cities
anchor = "dispatched_at"
[hours.delay]
start = 00:00:00
end = 00:00:00
"""
)
"""Settings with lists whose entries have comments, places in the text, and forms of their own."""

ENTRIES = (("survey", "questions"), ("cities",))
"""The lists whose order has a form."""

BROKEN = ROOT / "tests" / "broken"
TYPED = st.one_of(
    st.sampled_from(["", "0", "7", "90s", "18h", "08:00", "true", "handled", "en\nes", "30m\n90m", "{{ agency }} 911"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf"]), max_size=20),
)


def fields_of(data):
    """Return the fields of every form of a file."""
    told = [one for group in form_pages.rules(data).values() for one in group]
    told += [cell.field for page in form_pages.SETS for row in form_pages.words(data, page) for cell in row]
    told += [one for city in form_pages.cities(data) for one in city]
    told += [form_pages.by_text(), *(one for question in form_pages.questions(data) for one in question)]
    of_types = [
        form_pages.words(data, page, one.path) for one in form_pages.types(data)[-2:] for page in form_pages.SETS
    ]
    return told + [cell.field for page in of_types for row in page for cell in row]


def typed(text, one, what, origin=""):
    return typed_into(text, tomllib.loads(text), one, what, origin)


@pytest.mark.parametrize("name", SHIPPED)
@settings(max_examples=25)
@given(data=st.data())
def test_twenty_changes_and_the_same_changes_back_leave_the_same_file(name, data):
    first = text = SHIPPED[name]
    known = typable(text)
    done = []
    for _ in range(20):
        path, places = data.draw(st.sampled_from(two_of(first) or [((), ())]))
        if path and data.draw(st.integers(0, 3)) == 0:
            text = ordered(text, path, places)
            done.append((path, places))
            known = typable(text)
            continue
        one, what = data.draw(st.sampled_from(known)), data.draw(TYPED)
        before = shown(value_at(tomllib.loads(text), one.path))
        text = typed(text, one, what, first)
        assert same(value_at(tomllib.loads(text), one.path), read(one, what)) or what == before
        done.append((one, before))
    for one, before in reversed(done):
        text = ordered(text, one, before) if isinstance(one, tuple) else typed(text, one, before, first)

    assert text == first


def typable(text):
    """Return the fields of a text that a form can show."""
    told = tomllib.loads(text)
    return [one for one in fields_of(told) if fits(one, value_at(told, one.path))]


def two_of(text):
    """Return each way to let two entries of a list in a text change places."""
    found = []
    for path in ENTRIES:
        many = len(value_at(tomllib.loads(text), path) or ())
        found += [(path, [*range(place), place + 1, place, *range(place + 2, many)]) for place in range(many - 1)]
    return found


@pytest.mark.parametrize("path", ENTRIES)
def test_entries_move_with_their_comments_and_move_back(path):
    first = SHIPPED["county"]
    for _, places in (each for each in two_of(first) if each[0] == path):
        text = ordered(first, path, places)
        entries = value_at(tomllib.loads(first), path)
        assert value_at(tomllib.loads(text), path) == [entries[place] for place in places]
        assert sorted(text.split("\n")) == sorted(first.split("\n"))
        assert "# apart\n\n[[cities]]" in first.replace("# the other\n", "")
        assert "\n\n# apart\n\n" in text
        assert ordered(text, path, places) == first
    assert '# of what happened\n[[survey.questions]]\nid = "why"' in text or path == ("cities",)


def test_entries_on_one_line_change_places_there():
    assert ordered("a = [ { b = 1 }, # one\n { b = 2 } ]\n", ("a",), [1, 0]) == "a = [ { b = 2 }, # one\n { b = 1 } ]\n"


@pytest.mark.parametrize("text", ["[[a]]\nb = 1\n[[c]]\nd = 1\n[[a]]\nb = 2\n[[a.e]]\nf = 1\n", "a = 1\n", "b = 1\n"])
def test_what_can_t_be_put_in_order_alone_is_refused_or_only_that_changes(text):
    try:
        changed = tomllib.loads(ordered(text, ("a",), [1, 0]))
    except Unwritable:
        assert not isinstance(tomllib.loads(text).get("a"), list)
    else:
        assert changed == {**tomllib.loads(text), "a": tomllib.loads(text)["a"][::-1]}


def test_an_entry_is_added_and_taken_out_again_and_the_others_stay():
    first = SHIPPED["county"]
    more = with_entry(first, ("cities",), {"name": "A B", "short_name": "A B", "beats": ["9"]})
    less = without_entry(first, ("survey", "questions"), 1)

    assert without_entry(more, ("cities",), 2) == first
    assert [one["id"] for one in tomllib.loads(less)["survey"]["questions"]] == ["respect", "again"]
    assert "# of what happened" not in less
    assert "# only of those below" in less
    assert "cities" not in tomllib.loads(without_entry(without_entry(first, ("cities",), 0), ("cities",), 0))
    assert without_entry("a = [ { b = 1 }, { b = 2 } ] # c\n", ("a",), 0) == "a = [{ b = 2 }] # c\n"
    with pytest.raises(Unwritable):
        without_entry(first, ("mode",), 0)


def test_a_setting_of_an_entry_that_moved_is_put_back_as_it_stood_there():
    first, path = SHIPPED["county"], ("survey", "questions")
    text = ordered(first, path, [2, 0, 1])
    gone = typed(text, field((*path, 1, "labels", "en")), "", first)
    changed = typed(text, field(("cities", 0, "name")), "A B", first)

    assert "labels" not in gone
    assert typed(gone, field((*path, 1, "labels", "en")), "No\nYes", first) == text
    assert typed(changed, field(("cities", 0, "name")), "Police Department of Eastford", first) == text
    new = {"survey": {"questions": [{"id": "new"}, *tomllib.loads(first)["survey"]["questions"]]}}
    assert aligned(first, new, (*path, 0, "text")) == ""
    assert aligned(first, new, (*path, 3, "text")) == ""
    assert aligned("not [ TOML", new, (*path, 0, "text")) == ""


TEXT = """\
# first
mode = "shadow"   # why
"odd key" = 1
[words.en.sms]
outcome.handled = 'as it was'
# between
delay = '''
two lines'''

[hours]
survey = { start = 10:00:00, end = 20:00:00 }  # late
[hours.delay]
start = 00:00:00
end = 00:00:00
[[list]]
of = [ { id = "a" }, { id = "b" } ]
"""


@pytest.mark.parametrize(
    ("path", "value", "was", "now"),
    [
        (("mode",), "live", '"shadow"   # why', '"live"   # why'),
        (("odd key",), True, '"odd key" = 1', '"odd key" = true'),
        (("odd key",), None, '"odd key" = 1\n', ""),
        (("words", "en", "sms", "outcome", "handled"), 'a"b\\', "'as it was'", '"a\\"b\\\\"'),
        (("words", "en", "sms", "delay"), None, "delay = '''\ntwo lines'''\n", ""),
        (
            ("words", "en", "sms", "outcome", "lookout"),
            "x",
            "two lines'''\n",
            "two lines'''\noutcome.lookout = \"x\"\n",
        ),
        (("words", "en", "email", "delay"), "x", "= 1\n", '= 1\nwords.en.email.delay = "x"\n'),
        (("hours", "survey", "end"), time(9), "20:00:00", "09:00:00"),
        (("hours", "survey", "end"), None, "{ start = 10:00:00, end = 20:00:00 }", "{ start = 10:00:00 }"),
        (("hours", "survey"), None, "survey = { start = 10:00:00, end = 20:00:00 }  # late\n", ""),
        (("hours", "delay"), None, "[hours.delay]\nstart = 00:00:00\nend = 00:00:00\n", ""),
        (("list", 0, "of", 1, "id"), "c", '"b"', '"c"'),
        (("list", 0, "of", 1, "text", "en"), "c", '[ { id = "a" }, { id = "b" } ]', None),
        (("list", 0, "more"), ["x", "ñ\u200b"], '{ id = "b" } ]\n', None),
    ],
)
def test_a_change_is_that_change_and_no_other(path, value, was, now):
    changed = edit(TEXT, path, value)
    other = re.split(re.escape(was), TEXT)

    assert same(value_at(tomllib.loads(changed), path), value)
    assert changed.startswith(other[0])
    assert changed.endswith(other[1])
    assert now is None or changed == TEXT.replace(was, now)
    assert edit(changed, path, value) == changed
    assert "\u200b" not in changed


@pytest.mark.parametrize("path", [("mode", "x"), ("list", 3, "of"), ("list", "of"), ("list", 0, "of", 7)])
def test_a_path_that_a_text_has_no_room_for_is_refused(path):
    with pytest.raises(Unwritable):
        edit(TEXT, path, "x")


def test_what_was_published_comes_back_as_it_was_written_and_where():
    gone = edit(edit(TEXT, ("words", "en", "sms", "delay"), None), ("mode",), None)

    assert "# first" in gone
    assert edit(edit(gone, ("mode",), "shadow", TEXT), ("words", "en", "sms", "delay"), "two lines", TEXT) == TEXT
    assert '# first\nmode = "live"   # why\n' in edit(gone, ("mode",), "live", TEXT)
    assert 'mode = "shadow"\n' in edit(gone, ("mode",), "shadow", "not [ TOML")


def test_each_value_is_found_where_it_is_written():
    where = spans(TEXT)
    read_there = {path: TEXT[span.value : span.end] for path, span in where.spans.items()}

    assert read_there["hours", "survey", "end"] == "20:00:00"
    assert read_there["mode",] == '"shadow"'
    assert read_there["words", "en", "sms", "delay"] == "'''\ntwo lines'''"
    for path, written in read_there.items():
        assert same(tomllib.loads(f"x = {written}")["x"], value_at(tomllib.loads(TEXT), path))


@pytest.mark.parametrize(
    ("name", "what", "value"),
    [
        ("caps.per_incident", "6", 6),
        ("caps.per_incident", "six", "six"),
        ("caps.per_incident", "06", "06"),
        ("hours.survey.start", "09:30", time(9, 30)),
        ("hours.survey.start", "9 am", "9 am"),
        ("delay.after", "30m\r\n\r\n 90m ".replace("\r", ""), ["30m", "90m"]),
        ("text_to_911", "false", False),
        ("text_to_911", "no", "no"),
        ("acknowledgment.hold", " 60s ", "60s"),
        ("resources_link", " ", None),
    ],
)
def test_what_is_typed_is_read_as_its_setting_s_type_says(name, what, value):
    one = field(tuple(name.split(".")))

    assert same(read(one, what), value)
    assert read(one, shown(value)) == value


def test_an_emptied_table_that_may_be_left_out_goes_and_comes_back_as_it_was():
    """A city's `delay` without anything is tenfour's usual one, and not the county's."""
    first = SHIPPED["county"]
    text = first
    for name in ("cities[0].delay.after", "cities[1].delay.after", "cities[1].delay.anchor"):
        path = ("cities", int(name[7]), "delay", name.rpartition(".")[2])
        text = typed(text, field(path), "", first)
    assert all("delay" not in city for city in tomllib.loads(text)["cities"])
    text = typed(text, field(("cities", 1, "delay", "anchor")), "dispatched_at", first)
    text = typed(text, field(("cities", 1, "delay", "after")), "45m", first)
    assert typed(text, field(("cities", 0, "delay", "after")), "20m\n45m", first) == first
    emptied = typed(first, field(("cities", 0, "name")), "", first)
    for name in ("short_name", "beats", "delay.after"):
        emptied = typed(emptied, field(("cities", 0, *name.split("."))), "", first)
    assert tomllib.loads(emptied)["cities"][0] == {}


def test_emptied_hours_leave_no_heading_that_the_check_would_object_to():
    text = SHIPPED["demo"] + "\n[hours.delay]\nstart = 01:00:00\nend = 02:00:00\n"
    for name in ("start", "end"):
        text = typed(text, field(("hours", "delay", name)), "")

    assert text == SHIPPED["demo"] + "\n"


def leaves(data, path=()):
    for key, value in data.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        elif key != "extends":
            yield (*path, key), value


def told(checked):
    return {(one.field, one.severity, one.message, one.hint) for one in checked.found}


def through_forms(overlay):
    """Return the whole file with what a broken one says over it, typed into forms, and whether all of it could be."""
    text, alone = (BROKEN / "good" / "whole.toml").read_text(), True
    for path, value in leaves(overlay):
        known = {one.path: one for one in fields_of(tomllib.loads(text))}
        if path[0] == "dispositions":
            known[path] = form_pages.disposition(path[1])
        by_form = path in known and fits(known[path], value)
        alone = alone and by_form
        text = typed(text, known[path], shown(value)) if by_form else edit(text, path, value)
    return text, alone


SYNTAX = re.compile("syntax|extends|leave_out|form_agency_id")
"""Texts that are no TOML, those of other files, and that of another agency: the desk takes none of them."""


def test_a_broken_file_gives_the_same_messages_through_the_forms_as_on_the_command_line():
    present = check(BROKEN / "good" / "whole.toml").agency
    by_forms = set()
    for path in sorted(BROKEN.glob("*.toml")):
        if SYNTAX.match(path.stem):
            continue
        overlay = tomllib.loads(path.read_text())
        if not str(overlay.get("extends", "")).endswith("whole.toml") or {"incident_types", "judgements"} & set(
            overlay
        ):
            continue
        text, alone = through_forms(overlay)
        assert told(check_text(text, present)) == told(check(path)), path.stem
        by_forms |= {path.stem} if alone else set()

    assert len(by_forms) > 25
    assert {"words_too_long", "words_arrest", "range_negative_cap", "type_duration", "unknown_outcome"} <= by_forms


LISTS = {"incident_types", "cities", "questions", "choices", "entries"}


def around(path, value):
    """Return a value in the tables and lists of its path, in which `*` is some name, or the first place of a list."""
    if not path:
        return value
    key, *rest = path
    if rest and key in LISTS:
        return {key: [around(rest[1:], value)]}
    return {"en" if key == "*" else key: around(rest, value)}


def said_of(path):
    """Return what the desk's check says of a text that has a setting, of no type that any setting has."""
    text = (BROKEN / "good" / "whole.toml").read_text()
    ((name, value),) = around(path, 1 if path == ("version",) else []).items()
    written = edit(text, (name,), value) if name not in tomllib.loads(text) else None
    if written is None:
        table = tomllib.loads(text)[name]
        value = {**table, **value} if isinstance(table, dict) else value
        written = edit(edit(text, (name,), None), (name,), value)
    return {one.message for one in check_text(written, check(BROKEN / "good" / "whole.toml").agency).found}


def _taken(path):
    """Tell whether the check takes a setting, and no other in its place."""
    wrong = said_of((*path[:-1], "wrong")) if path[-1] != "*" else {"no such setting"}
    return "no such setting" in wrong and not any("no such" in one or "ignored" in one for one in said_of(path))


def test_each_setting_of_the_type_is_reached_by_a_form_or_by_the_text_of_the_draft():
    """The text reaches a setting where the check of the desk takes it, and would not take another name in its place."""
    demo = tomllib.loads(SHIPPED["demo"])
    own = {"survey": {"questions": [{"id": "a", "kind": "choice", "choices": [{"id": "b"}]}, {"id": "c"}]}}
    forms = {tuple("*" if isinstance(key, int) else key for key in one.path) for one in fields_of({**demo, **own})}
    by_form = {path for path in every_path() if any(_fits_pattern(path, one) for one in forms)}
    by_text = {path for path in set(every_path()) - by_form if _taken(path)}

    assert set(every_path()) - by_form - by_text == BY_NEITHER
    assert len(by_form) > 58


BY_NEITHER = {("version",)}
"""Publishing numbers the versions: a text that names one is warned of it."""


def _fits_pattern(path, one):
    return len(path) == len(one) and all(part in ("*", key) for part, key in zip(path, one, strict=True))


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("a = 1\n", 'a = 1\n\n[[b.c]]\nid = "x"\ntext = { en = "y" }\n'),
        (
            "[[b.c]]\nid = 1\n# next\n[d]\ne = 1",
            '[[b.c]]\nid = 1\n\n[[b.c]]\nid = "x"\ntext = { en = "y" }\n# next\n[d]\ne = 1',
        ),
        ("b.c = [ { id = 1 } ]  # few\n", 'b.c = [{ id = 1 }, { id = "x", text = { en = "y" } }]  # few\n'),
        (
            "[[b.c]]\nid = 1\n[b.c.text]\nen = 1",
            '[[b.c]]\nid = 1\n[b.c.text]\nen = 1\n\n[[b.c]]\nid = "x"\ntext = { en = "y" }\n',
        ),
    ],
)
def test_a_list_gets_one_more_at_its_end(text, now):
    assert with_entry(text, ("b", "c"), {"id": "x", "text": {"en": "y"}}) == now


def test_what_is_no_list_gets_nothing():
    with pytest.raises(Unwritable):
        with_entry("b.c = 1\n", ("b", "c"), {"id": "x"})
