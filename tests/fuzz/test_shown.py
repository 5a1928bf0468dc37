"""What people wrote or typed, wherever it is shown or asked for: text stays text, and a number stays their number."""

import csv
import io
import re
from contextlib import redirect_stdout

from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from chalicelib.domain.harmless import as_markdown, as_meant, as_text
from chalicelib.domain.notifications.text_code import spoken
from chalicelib.domain.phones import as_dialled, readable_numbers
from chalicelib.domain.surveys.alert import Lead
from chalicelib.domain.surveys.black_out import blacked_out, mask_of
from chalicelib.domain.surveys.follow_up import Because, Call, Desk, FollowUp
from chalicelib.domain.surveys.name_words import Lexicon, proposed
from chalicelib.flow.surveys.tell_desk import _words
from chalicelib.inbound.settings import read_settings
from chalicelib.insight.explain.span import BadTime, Span, span_of
from chalicelib.insight.surveys.comments import _one
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.world import MemoryPorts
from tenfour.common.screen import Screen, say, say_csv, say_json, say_line
from tests.factories import NOW, PHONE, SETTINGS, agency
from tests.fuzz.many import fewer, many
from tests.horrors.horrors import SOUND, acts, is_formula

anything = st.lists(st.sampled_from(SOUND) | st.text(st.characters(), max_size=12), min_size=1, max_size=4).map("".join)


@many
@given(anything)
def test_whatever_is_printed_is_text(tried, words):
    tried["words on a terminal"] += 1
    table = Table("x", title=words, caption=words)
    table.add_row(words)
    told = io.StringIO()
    screen = Screen(file=told, width=6_000)
    for part in (words, Text(words, style="bold"), table):
        screen.print(part)
    with redirect_stdout(told):
        say(words)
        say_line(words)
        say_json({words: [words]})

    assert [one for one in acts(told.getvalue()) if one not in ("U+200C", "U+200D")] == []
    told.getvalue().encode()


@many
@given(st.lists(anything, min_size=1, max_size=4))
def test_a_row_for_a_spreadsheet_has_no_formula_and_all_words(tried, words):
    tried["cells of CSV"] += 1
    told = io.StringIO(newline="")
    with redirect_stdout(told):
        say_csv([words])
    (cells,) = csv.reader(io.StringIO(told.getvalue(), newline=""))

    assert not [cell for cell in cells if is_formula(cell)]
    assert [as_meant(cell) for cell in cells] == [as_text(one) for one in words]


@many
@given(anything)
def test_markdown_has_no_marks_of_theirs(tried, words):
    tried["Markdown"] += 1
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "x", as_markdown(words))

    assert not re.search(r"[`*_\[\]|#~$<>{}]|://|(?i:www)\.", bare)
    assert not re.match(r"\s*(?:[-+=]|\d+[.)])", bare)
    assert "\n" not in bare


@many
@given(anything, anything)
def test_an_email_to_staff_has_only_our_headings(tried, comment, number):
    tried["emails to staff"] += 1
    one = FollowUp(
        id="ab", agency_id="springfield", desk=Desk.ALERTS, because=Because.DANGER, raised_at=NOW, due_at=NOW,
        incident_number="P26-1", comments=(f"{comment}\nPHONE\nWHAT TO DO", comment),
        calls=(Call(incident_number=number, incident_type=comment, beat=number),),
    )  # fmt: skip
    subject, body = _words([one], agency(), MemoryPorts(agency()), Lead(PHONE, one.calls))

    assert "\n" not in subject
    assert acts((subject + body).replace("\u200c", "").replace("\u200d", "")) == []
    assert [body.splitlines().count(heading) for heading in ("PHONE", "WHAT TO DO")] == [1, 1]


between = st.sampled_from(["", " ", "-", ".", " - ", "\u2011", "\u2013", "\u00a0", ") ", "/"])
parts_of_phones = st.integers(0, 99).map(lambda place: re.fullmatch(r"\+1(...)(...)(....)", fictional_phone(place)))


def written(part, gaps, ahead, behind):
    """Return a phone as it is, and as somebody writes it."""
    area, office, line = part.groups()
    return part[0], f"{ahead}{gaps[0]}{area}{gaps[1]}{office}{gaps[2]}{line}{behind}"


written_phones = st.builds(
    written,
    parts_of_phones,
    st.tuples(between, between, between),
    st.sampled_from(["", "+1", "1", "(", "tel:", "call "]),
    st.sampled_from(["", " (mom)", " cell", " ext 4", ".", "\n"]),
)


@many
@given(written_phones)
def test_a_phone_is_found_however_it_is_written(tried, told):
    """docs/agency/explain.md: a complaint finds its call by the phone, as the person says it."""
    tried["phones as people write them"] += 1
    phone, said = told

    assert phone in readable_numbers(said, "US")


FORMS = ["{}-{}-{}", "({}) {}-{}", "{}.{}.{}", "+1 {} {} {}", "1-{}-{}-{}", "{}{}{}", "{} {}-{}"]
plainly_written = st.builds(
    lambda part, form: (part[0], form.format(*part.groups())), parts_of_phones, st.sampled_from(FORMS)
)


@fewer
@given(plainly_written)
def test_a_phone_of_the_settings_is_the_same_however_it_is_written(tried, told):
    """docs/agency/settings.md: a phone may be written as people at home write it, in every setting."""
    tried["phones in settings"] += 1
    phone, said = told
    numbers = read_settings(SETTINGS.replace("+13035550199", said).replace("303-555-0100", said)).numbers

    assert as_dialled(said, "US") == phone
    assert numbers.sms_from == phone
    assert readable_numbers(numbers.non_emergency, "US") >= {phone}


@many
@given(
    st.text(max_size=20)
    | st.datetimes().map(str)
    | st.dates().map(str)
    | st.sampled_from(["9999-12-31", "0001-01-01", "9999-12-31T23:59:59", "0001-01-01T00:00+14:00", "2026-W48-6"])
)
def test_a_time_of_a_complaint_is_read_or_refused(tried, text):
    tried["times that people say"] += 1
    try:
        span = span_of(text, agency().zone, NOW)
    except BadTime:
        return
    assert isinstance(span, Span)
    assert span.first < span.before


@many
@given(
    st.lists(st.text("0123456789abcdef", min_size=24, max_size=24), min_size=1, max_size=4, unique=True),
    st.tuples(*[st.sampled_from(["", " ", "-", "\u2011", "\u2013"])] * 6),
    st.booleans(),
)
def test_a_comment_is_found_by_its_code_however_it_is_said(tried, ids, gaps, small):
    tried["codes of comments"] += 1
    code = spoken(ids[0]).replace("-", "")
    said = "".join(f"{gap}{letter}" for gap, letter in zip(gaps, code, strict=True))
    found = [{"id": one} for one in ids]

    assert _one(said.lower() if small else said, found, "comment") == {"id": ids[0]}
    assert _one(ids[0], found, "comment") == {"id": ids[0]}


NAMES = ["Ruiz", "ruiz", "José", "Jose\u0301", "O'Brien", "McDonald", "Muñoz-Ortiz", "officer", "Smith's", "said"]
comments = st.lists(st.sampled_from(NAMES) | st.text(max_size=8), max_size=8).map(" ".join)


@many
@given(comments)
def test_each_word_that_may_name_somebody_can_be_blacked_out(tried, comment):
    """docs/agency/survey.md: a comment is released once each word that may name somebody is blacked out or kept."""
    tried["words that may name somebody"] += 1
    lexicon = Lexicon(names=frozenset({"ruiz", "jose", "smith"}), ordinary=frozenset({"said", "the"}))
    shown = blacked_out(comment, mask_of(comment, proposed(comment, lexicon)))

    assert len(shown) == len(comment)
    assert proposed(shown, lexicon) == ()
