"""A report says what its figures support, and nothing else."""

import csv
import io
import json
import random
import re
import tomllib
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.carriers.end_user_messaging.events import STATES
from chalicelib.carriers.twilio.events import REASONS
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.surveys.fixed_cells import SETTLED_AFTER
from chalicelib.insight.figures.ask import report as ask_report
from chalicelib.insight.figures.compose import compose, questions_of
from chalicelib.insight.figures.document import Paragraph, Table
from chalicelib.insight.figures.gather import Figures, gather
from chalicelib.insight.figures.groups import groups_section
from chalicelib.insight.figures.quarter import NoQuarter, Quarter
from chalicelib.insight.figures.surveys import Line, Surveys
from chalicelib.insight.figures.wording import _WORDS, LANGUAGES, Wording
from tenfour.figures.local import LocalLake
from tenfour.figures.render import as_csv, html, markdown
from tenfour.figures.report import BadOrder, Order, make, rendered, write_site
from tests.insight.lake.rows import write
from tests.insight.report.lakes import ASKED, BEND, QUARTER, SEVEN, agency, answer, asked, bend, call, comment

TODAY = date(2026, 12, 1)


@pytest.fixture
def lake_of(tmp_path):
    return lambda rows: LocalLake(write(tmp_path, rows))


@pytest.fixture
def report(lake_of):
    """Return a function that reports on a quarter of a lake with some rows."""

    def make_report(rows, language="en", baseline=None, quarter=QUARTER):
        lake = lake_of(rows)
        figures = gather(lake, "springfield", quarter, TODAY, baseline)
        return compose(figures, agency(), language, TODAY)

    return make_report


def section(document, name):
    return next(part for part in document.sections if part.id == name)


def text_of(document, name):
    return " ".join(block.text for block in section(document, name).blocks if isinstance(block, Paragraph))


def table(document, name):
    found = [
        block for part in document.sections for block in part.blocks if isinstance(block, Table) and block.id == name
    ]
    return {row[0].text: [cell.text for cell in row[1:]] for row in found[0].rows} if found else None


def test_bends_published_figures_come_out_as_published(report):
    document = report(bend())

    rows = table(document, "questions")
    assert {name: rows[SEVEN[name][0]][2].split(" ")[0] for name in BEND} == {
        name: f"{mean:.2f}" for name, mean in BEND.items()
    }
    assert list(rows) == [text for text, _ in SEVEN.values()]
    assert "the mean mark is 4.54" in text_of(document, "headline")
    assert "percentile" not in text_of(document, "headline")


def test_the_headline_says_of_how_many(report):
    rows = [*bend(40), *(call(person) for person in range(40, 100)), *(asked(person) for person in range(40, 80))]
    rows += [call(900, no_survey="sensitive"), *(call(n, no_survey="officer_initiated") for n in range(901, 911))]

    told = text_of(report(rows), "headline")

    assert "Of 111 calls for service, callers of 80 were sent a message, and callers of 0 one that says how" in told
    assert "80 people were asked how it went, and 40 answered: 50% (39 to 61)." in told
    assert "These are never asked: calls that officers began themselves (10); sensitive calls (under 5)." in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_lake_is_a_report_that_says_so(report, language):
    document = report([], language)

    assert len(document.sections) == 11
    assert all(section.blocks for section in document.sections)
    assert len({rendered(document, form)[:40] for form in ("html", "pdf", "md", "csv")}) == 4
    assert rendered(document, "csv").startswith(b"\xef\xbb\xbfquarter,")  # else Excel reads it as windows-1252


@pytest.mark.parametrize("count", [1, 4])
def test_a_few_answers_are_not_shown(report, count):
    rows = [row for n in range(count) for row in (call(n), asked(n), answer(n, "overall", 2), answer(n, "respect", 1))]

    document = report(rows)

    assert "Too few answered to say how" in text_of(document, "headline")
    assert table(document, "questions") is None
    assert not re.search(r"\b\d+%", markdown(document).split("## How this was made")[0].split("## What arrived")[0])


def test_a_day_of_messages_that_is_missing_makes_no_rate(report):
    rows = [answer(n, "overall", 4 if n else 1) for n in range(8)]

    told = text_of(report([call(1), asked(1), *rows]), "headline")

    assert "how many were asked is not fully known" in told
    assert "of those who answered gave a 4 or a 5 of 5" in told


def by_beat(counts, **more):
    """Return so many people by beat, of whom each was asked and answered, and each fifth is not satisfied."""
    beats = [beat for beat, count in counts.items() for _ in range(count)]
    for person, beat in enumerate(beats):
        facts = {"beat": beat, **{name: of(person) for name, of in more.items()}}
        arm = {"arm": facts.pop("arm")} if "arm" in facts else {}
        yield call(person, **facts)
        yield asked(person, **arm)
        yield answer(person, "overall", 5 if person % 5 else 2, **facts, **arm, asked_by="link", door="link")


def lines_of(document, *tables):
    return [line for line in csv.DictReader(io.StringIO(as_csv(document))) if line["table"] in tables]


def test_a_small_part_is_one_row_with_another_so_that_the_total_does_not_give_it_away(report):
    document = report(by_beat({"11": 30, "12": 3, "13": 9, "14": 20}))

    assert {name: row[0] for name, row in table(document, "by_beat").items()} == {"13": "9", "14": "20", "2 more": "33"}
    named = {
        line["row"] for line in lines_of(document, "by_beat", "response") if line["row"][:4] in ("11", "12", "beat")
    }
    assert named == {"beat=13", "beat=14", "beat=2 more"}


def test_each_table_of_a_dimension_has_the_same_small_groups(report):
    """Few answered of one beat, and few were asked of another: neither is shown, of those asked and of the answers."""
    rows = [*by_beat({"11": 30, "12": 3, "13": 20, "14": 20}), *(asked(n) for n in range(80, 90))]
    rows += [call(n, beat="12") for n in range(80, 90)]

    document = report(rows)

    told = table(document, "response")
    assert {name: row[:2] for name, row in told.items() if name.startswith("beat")} == {
        "beat: 13": ["20", "20"],
        "beat: 14": ["20", "20"],
        "beat: 2 more": ["43", "33"],
    }
    assert table(document, "by_beat").keys() == {"13", "14", "2 more"}


def test_of_two_parts_of_which_one_is_small_none_is_told(report):
    """Of 34 people asked 30 and 4 are of two beats, and 31 and 3 of two arms: one number gives the other away."""
    document = report(by_beat({"11": 30, "12": 4}, arm=lambda person: "words a" if person < 31 else "words b"))

    people = table(document, "response")
    assert people["type: NOISE"][0] == "34"
    assert not any(name.startswith("beat") for name in people)
    assert "too few were asked or answered: how many answered by beat." in text_of(document, "response")
    assert table(document, "arms") is None
    assert not [line for line in lines_of(document, "response") if line["row"].startswith("beat")]


def test_arms_of_an_experiment_are_told_apart_with_how_many_of_each_answered(report):
    document = report(by_beat({"11": 40}, arm=lambda person: "words a" if person < 20 else "words b"))

    assert {name: row[:2] for name, row in table(document, "arms").items()} == {
        "words a": ["20", "20"],
        "words b": ["20", "20"],
    }
    assert table(document, "doors")["link in the message"] == ["40", "100%"]


def test_before_nobody_can_answer_any_more_a_report_has_no_groups_and_no_later_month(lake_of):
    rows = [*by_beat({"11": 30, "12": 30}), *(answer(n, "overall", 2, ASKED + timedelta(days=30)) for n in range(9))]
    lake, settled = lake_of(rows), QUARTER.last + SETTLED_AFTER

    early, late = (ask_report(lake, agency(), QUARTER, "en", day) for day in (settled - timedelta(days=1), settled))

    assert table(early, "questions")[SEVEN["overall"][0]][:3] == ["60", "80% (68 to 88)", "–"]
    assert table(late, "questions")[SEVEN["overall"][0]][0] == "69"
    assert [table(early, name) for name in ("by_beat", "response", "marks", "doors")] == [None] * 4
    assert "counted up to the end of August 2026" in text_of(early, "questions")
    assert "Groups are told from November 7, 2026 on" in text_of(early, "groups")
    assert "60 people were asked how it went. How many answered is told from November 7" in text_of(early, "headline")


def test_of_people_who_all_think_alike_only_their_number_is_told(report):
    """Else it would be known of each of them, and of each of a small group."""
    document = report([row for n in range(30) for row in (call(n), asked(n), answer(n, "overall", 5))])

    assert table(document, "questions")[SEVEN["overall"][0]] == ["30", "not shown", "–", "–"]
    assert [table(document, name) for name in ("marks", "by_type", "trend")] == [None] * 3
    assert "gave a 4 or a 5" not in text_of(document, "headline")


def quarters(before, now, of=400):
    """Return answers of two quarters with shares of favourable marks."""
    for n in range(of):
        yield answer(n, "overall", 5 if n < before * of else 2, ASKED - timedelta(days=92))
        yield from (call(n), asked(n), answer(n, "overall", 5 if n < now * of else 2))


def test_a_difference_that_chance_explains_is_not_called_one(report):
    document = report(quarters(0.80, 0.82))

    assert "chance alone can explain the difference" in text_of(document, "headline")
    assert table(document, "questions")[SEVEN["overall"][0]][3] == "no clear difference"


def test_a_difference_that_chance_does_not_explain_is_called_one(report):
    document = report(quarters(0.80, 0.90))

    assert "10.0 points more than in the quarter before" in text_of(document, "headline")
    assert table(document, "questions")[SEVEN["overall"][0]][3] == "10.0 points higher"


def test_people_who_all_are_alike_are_almost_never_said_to_differ(tmp_path):
    """Of twelve beats that do not differ, compared at once, one is called different in at most one report of twenty."""
    dice, wrong = random.Random(104), 0
    for _ in range(60):
        about = {"measure": "overall", "dimension": "beat", "of": 200}
        pleased = [sum(dice.random() < 0.8 for _ in range(200)) for _ in range(12)]
        lines = tuple(Line(**about, group=f"{beat}", part=part) for beat, part in enumerate(pleased))
        empty = dict.fromkeys(set(Figures.__struct_fields__), ())
        surveys = Surveys(settled=3, lines=lines)
        figures = Figures(**{**empty, "quarter": QUARTER, "marks": {}, "surveys": surveys})
        told = groups_section(figures, questions_of(agency(), "en"), Wording("en"))
        verdicts = [row[-1].text for block in told.blocks if isinstance(block, Table) for row in block.rows]
        wrong += any(verdict in ("higher", "lower") for verdict in verdicts)

    assert wrong <= 7


def test_questions_whose_words_changed_are_shown_apart(report):
    rows = [answer(n, "overall", 5, question_version="1") for n in range(10)]
    rows += [answer(n, "overall", 1, question_version="2", asked_at=ASKED + timedelta(days=20)) for n in range(10)]

    shown = table(report(rows), "questions")

    assert [name.split("(")[1] for name in shown] == ["version 1)", "version 2)"]


def test_every_reason_of_a_carrier_has_words_in_both_languages():
    ends = {"TEXT_DELIVERED", "TEXT_SENT", "TEXT_SUCCESSFUL"}
    ours = {event.removeprefix("TEXT_").lower() for event, state in STATES.items() if state and event not in ends}
    for code in ("en", "es"):
        assert tomllib.loads((_WORDS / f"{code}.toml").read_text())["carrier"].keys() >= ours | {*REASONS.values()}


def test_only_released_comments_are_published_and_never_as_markup(report):
    nasty = "<script>alert(1)</script> #set page | *bold* {{ x }}"
    rows = [*comment(1, nasty), *comment(2, "Not for everybody", "held"), *comment(3, "Gracias, señor")]

    document = report(rows)

    page = html(document)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "Not for everybody" not in page + markdown(document)
    assert rendered(document, "pdf").startswith(b"%PDF")


def again(phase, count, called, start):
    state, reason = (State.DELIVERED, "") if phase == "live" else (State.SUPPRESSED, "shadow")
    for n in range(start, start + count):
        back = ASKED + timedelta(minutes=20) if n < start + called else None
        yield call(n, last_repeat_at=back, repeat_contacts=int(back is not None))
        row = asked(n, kind=Kind.DELAY, state=state)
        yield row if phase == "live" else _not_sent(row, reason)


def _not_sent(row, reason):
    return replace(row, reason=reason, sent_at=None, sent_on=None, wait_seconds=None)


def test_calling_again_is_compared_with_the_weeks_in_shadow(report):
    document = report([*again("shadow", 500, 100, 0), *again("live", 500, 40, 1000)])

    told = " ".join(item for block in section(document, "again").blocks for item in getattr(block, "items", ()))
    assert "After “officers are delayed” people called again less often, by 12.0 points" in told


def test_without_shadow_nothing_is_claimed(report):
    document = report(again("live", 50, 5, 0))

    assert "There is nothing to compare with" in text_of(document, "again")


def test_spanish_is_whole_and_has_the_same_fields():
    english, spanish = (tomllib.loads((_WORDS / f"{code}.toml").read_text()) for code in ("en", "es"))

    def flat(words):
        return {(part, name): text for part, inner in words.items() for name, text in inner.items()}

    one, other = flat(english), flat(spanish)
    assert one.keys() == other.keys()
    for key, text in one.items():
        fields = sorted(set(re.findall(r"\{(\w+)\}", json.dumps(text))))
        assert fields == sorted(set(re.findall(r"\{(\w+)\}", json.dumps(other[key])))), key
    assert {reason.value for reason in Reason} - english["reason"].keys() == {
        "failed_here",
        "unrenderable",
        "too_many_attempts",
    }
    assert {kind.value for kind in Kind} <= english["messages"].keys()
    assert {state.value for state in State} - english["delivery"].keys() == {
        "scheduled",
        "sending",
        "cancelled",
        "suppressed",
    }


def test_a_report_in_spanish_has_no_english(report):
    page = markdown(report([*bend(30), *comment(1, "Bien")], "es"))

    assert "julio a septiembre de 2026" in page
    assert "Me trataron con respeto." in page
    assert not re.search(r"\b(the|people|answered|calls|with)\b", page.replace("tenfour", ""))


def test_the_same_lake_gives_the_same_files(report):
    first, second = (report(bend(30)) for _ in range(2))

    assert [rendered(first, form) for form in ("html", "md", "csv")] == [
        rendered(second, form) for form in ("html", "md", "csv")
    ]


def test_a_page_asks_nobody_for_anything(report):
    page = html(report(bend(30)), index=True)

    assert re.findall(r'(?:src|href)="(?!data:|#|index\.html)', page) == []
    assert "<script" not in page
    assert page.count("<img") == page.count('alt="A ')


def test_charts_mean_nothing_by_colour(report):
    shades = set(re.findall(r"#[0-9a-f]{6}", " ".join(chart_svgs(report(bend(30))))))

    for shade in shades:
        red, green, blue = (int(shade[place : place + 2], 16) for place in (1, 3, 5))
        assert max(red, green, blue) - min(red, green, blue) <= 24, shade


def chart_svgs(document):
    return [block.svg for part in document.sections for block in part.blocks if hasattr(block, "svg")]


def test_a_site_keeps_its_other_quarters(report, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "about.html").write_text("the agency's own")
    for name in ("2026Q2", "2026Q3"):
        write_site(report(bend(10), quarter=Quarter.named(name)), agency(), "en", site)

    assert re.findall(r'href="(\w+)\.html"', (site / "index.html").read_text()) == ["2026Q3", "2026Q2"]
    assert {path.name for path in site.iterdir()} == {"2026Q2.html", "2026Q3.html", "index.html", "about.html"}


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("en", "October to December 2026, not over: counted up to December 1, 2026"),
        ("es", "octubre a diciembre de 2026, sin terminar: contado hasta el 1 de diciembre de 2026"),
    ],
)
def test_the_list_of_quarters_marks_one_that_is_not_over_in_the_words_of_its_report(language, marked, report, tmp_path):
    """The mark is of the page: a quarter that is over since is still counted in part there, until it is made anew."""
    for quarter in (QUARTER, QUARTER.next):
        write_site(report(bend(10), language, quarter=quarter), agency(), language, tmp_path)
    write_site(report(bend(10), language), agency(), language, tmp_path)

    listed = dict(re.findall(r'href="(\w+)\.html">([^<]*)<', (tmp_path / "index.html").read_text()))
    assert listed == {"2026Q4": marked, "2026Q3": Wording(language).quarter(QUARTER)}
    assert marked in (tmp_path / "2026Q4.html").read_text()


@pytest.mark.parametrize("name", ["2026", "2026Q5", "Q3", "26Q1", "", "0000Q1", "0999Q4", "٢٠٢٦Q3"])
def test_a_text_that_is_no_quarter_is_refused(name):
    with pytest.raises(NoQuarter, match="2026Q3"):
        Quarter.named(name)


@pytest.mark.parametrize("name", ["2000Q1", "2999Q4"])
def test_a_quarter_that_has_a_name_has_days_and_the_same_name_again(name):
    quarter = Quarter.named(name)

    assert Quarter.named(quarter.name) == quarter
    assert quarter.year_before < quarter.previous.first < quarter.first < quarter.last < quarter.next.last


def test_quarters_follow_each_other():
    quarter = Quarter(2026, 1)

    assert (quarter.previous.name, quarter.previous.next) == ("2025Q4", quarter)
    assert (quarter.first, quarter.last, quarter.months) == (
        date(2026, 1, 1),
        date(2026, 3, 31),
        ("2026-01", "2026-02", "2026-03"),
    )
    assert [Quarter(2026, n).year_before for n in (1, 4)] == [date(2025, 4, 1), date(2026, 1, 1)]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"language": "fr"}, "--language"),
        ({"settings": "x.toml"}, "--lake"),
        ({"quarter": Quarter(2027, 1)}, "--quarter"),
    ],
)
def test_a_wrong_order_is_refused_by_name(wrong, named):
    order = Order(**{"quarter": QUARTER, "today": TODAY, **wrong})

    with pytest.raises(BadOrder, match=named):
        make(order)


def test_a_question_that_has_no_version_is_called_by_its_words_alone():
    asks, words = questions_of(agency(), "en"), Wording("en")
    plain = asks.known[asks.overall].text

    assert asks.label((asks.overall, ""), True, words) == plain
    assert asks.label((asks.overall, "ab12"), True, words) == f"{plain} (version ab12)"
