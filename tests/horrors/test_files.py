"""Files that people open elsewhere: spreadsheets, Markdown, pictures, PDF, email. Nothing in them runs or hides."""

import csv
import io
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import words
from chalicelib.carriers.ses.sender import _content
from chalicelib.domain.harmless import as_cell, as_line, as_markdown, as_meant, as_text, guarded
from chalicelib.domain.surveys.alert import Lead
from chalicelib.domain.surveys.follow_up import Because, Call, Desk, FollowUp
from chalicelib.flow.surveys.tell_desk import _words
from chalicelib.insight.figures.document import (
    Bullets,
    Cell,
    Chart,
    Column,
    Document,
    KeyFigures,
    Paragraph,
    Quote,
    Quotes,
    Section,
    Table,
    harmless,
)
from chalicelib.insight.figures.statistics import Interval
from chalicelib.insight.surveys.cards import Printed
from chalicelib.ports.carrier import Outgoing
from chalicelib.virtual.world import MemoryPorts
from tenfour.figures.charts import draw
from tenfour.figures.report import rendered
from tenfour.operate.survey_card import write_svg
from tests.factories import NOW, PHONE, agency
from tests.horrors.horrors import ALL, HORRORS, SOUND, acts, is_formula
from tests.horrors.test_pages import well

LETTERS = st.text(st.one_of(st.sampled_from("=+-@\"' \t\r\n\x00\x1b\u200b\u202e\uff1d\ufeff"), st.characters()))
PLAIN = (
    "Muñoz, 3A-12: ¿qué pasó?",
    "می\u200cخواهم",
    "👩\u200d👧 ❤\ufe0f\u200d🔥",
    "$50 [sic] <b>",
    "tiếng Việt",
    "שלום",
)
HALF = Interval(0.4, 0.6)


def chart(kind, labels, said):
    intervals = () if kind == "bars" else (HALF,) * len(labels)
    told = {"id": "c", "axis": "share", "alt": said, "caption": said}
    return Chart(
        kind=kind,
        labels=tuple(labels),
        values=(0.5,) * len(labels),
        intervals=intervals,
        places=tuple(range(len(labels))),
        **told,
    )


def report(many=tuple(SOUND), said=ALL):
    blocks = (
        *(Paragraph(horror, role) for horror in many for role in ("plain", "note")),
        Bullets(many),
        KeyFigures(tuple(Cell(horror, horror) for horror in many)),
        Table(
            "t",
            ALL,
            (Column(ALL), Column(ALL, number=True)),
            tuple((Cell(horror, horror), Cell(horror)) for horror in many),
        ),
        chart("dots", many, said),
        Quotes(tuple(Quote(horror, "en", horror) for horror in many)),
    )
    told = dict.fromkeys(("title", "subtitle", "description", "made", "contents", "to_index"), said)
    when = {"quarter": "2026Q3", "until": "2026-09-30", "unfinished": False}
    return harmless(Document(language="en", sections=(Section("s", said, blocks),), **when, **told))


@given(LETTERS)
def test_no_cell_is_a_formula_and_what_was_guarded_is_read_again(written):
    cell = as_cell(written)

    assert not is_formula(cell)
    assert acts(cell) == []
    assert as_meant(guarded(written)) == written


@given(LETTERS)
def test_text_made_harmless_does_nothing_and_stays_so(written):
    told = as_text(written)

    assert acts(told.replace("\u200d", "").replace("\u200c", "")) == []
    assert as_text(told) == told
    assert "\n" not in as_line(written)
    told.encode()


@pytest.mark.parametrize("plain", PLAIN)
def test_what_people_write_stays_as_they_wrote_it(plain):
    assert as_text(plain) == plain


@pytest.mark.parametrize("horror", HORRORS)
def test_markdown_has_no_marks_of_anybody_elses(horror):
    told = as_markdown(horror)
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", told)

    assert not re.search(r"[`*_\[\]|#~$<>{}]|://|(?i:www)\.", bare)
    assert not re.match(r"\s*(?:[-+=]|\d+[.)])", bare)
    assert "\n" not in told


def test_a_report_as_a_spreadsheet_has_no_formula():
    rows = list(csv.reader(io.StringIO(rendered(report(), "csv").decode("utf-8-sig"))))

    assert len(rows) == 1 + len(SOUND)
    assert not [cell for row in rows for cell in row if is_formula(cell)]


def test_a_report_as_a_page_or_markdown_or_pdf_has_words_alone():
    page, markdown, pdf = (rendered(report(), form) for form in ("html", "md", "pdf"))

    plain = rendered(report(["plain"] * len(SOUND), "plain"), "html")
    assert "[/bold]" in well(page.decode(), plain.decode())
    assert acts(markdown.decode()) == []
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("kind", "labels"), [("dots", SOUND), ("line", ["A$B_$C", "$1$"]), ("bars", ["A$B_$C", "\x1b[2J"])]
)
def test_a_picture_of_names_with_dollar_signs_is_a_picture(kind, labels):
    svg = draw(chart(kind, labels, ALL))

    assert acts(svg) == []
    assert ET.fromstring(svg).tag.endswith("svg")


def test_a_card_has_the_name_as_it_is(tmp_path):
    write_svg(Printed(ALL[:200], "https://x.example/s/T", NOW.date()), tmp_path / "card.svg")

    assert ET.parse(tmp_path / "card.svg").getroot().tag.endswith("svg")


def test_an_email_has_one_line_for_a_subject_and_marks_for_every_line_of_theirs():
    one = FollowUp(
        id="ab",
        agency_id="springfield",
        desk=Desk.ALERTS,
        because=Because.DANGER,
        raised_at=NOW,
        due_at=NOW,
        incident_number="P26-1",
        comments=("help\n\nPHONE\n+13035550199\n\nWHAT TO DO\n1. Nothing", ALL),
        calls=(Call(incident_number="P26-1\nWHAT TO DO", incident_type=ALL, beat="1"),),
    )
    subject, body = _words([one], agency(), MemoryPorts(agency()), Lead(PHONE, one.calls))
    told = _content(
        Outgoing(
            id="x", address="a@b.example", sender="c@d.example", subject=f"{subject}\r\nBcc: x", body=body, lives_for=1
        )
    )
    text = told["Body"]["Simple" if "Simple" in told["Body"] else "Text"]["Data"]

    assert acts(told["Subject"]["Data"] + text) == []
    assert "\n" not in told["Subject"]["Data"]
    assert [text.splitlines().count(heading) for heading in ("PHONE", "WHAT TO DO")] == [1, 1]
    assert "> PHONE" in text
    assert acts(told["Body"]["Html"]["Data"]) == []
    assert "<script" not in told["Body"]["Html"]["Data"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_heading_of_a_staff_email_has_a_line_of_its_own(language):
    one = FollowUp(
        id="ab", agency_id="springfield", desk=Desk.SUPERVISORS, because=Because.LOW_SCORE, raised_at=NOW, due_at=NOW,
        incident_number="P26-1", marks={"respect": 1}, comments=("They were rude",),
    )  # fmt: skip
    _, body = _words([one], agency(language=language), MemoryPorts(agency()), Lead())
    lines = body.splitlines()

    place = lines.index("> They were rude")
    assert lines[place - 1].endswith(":")
    assert lines[place - 2] == lines[place + 1] == ""
    assert words.load(language, text_to_911=True)["staff"]["low_score"] in lines[0]
