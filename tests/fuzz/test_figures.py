"""Reports of any few people: what answers may not carry is not known, and what is claimed is what was counted."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.figures.ask import report
from chalicelib.insight.figures.compose import unfinished_on
from chalicelib.insight.figures.document import Paragraph, Table
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.wording import SMALLEST
from tenfour.figures.local import LocalLake
from tests.factories import demo_agency
from tests.fuzz.many import fewer, many
from tests.insight.lake.rows import write
from tests.insight.report.lakes import QUARTER, answer, asked, call

AGENCY = demo_agency()
CARRIED = ("beat", "incident_type", "shift", "hour")
HEADINGS = {"hour": "hours", "beat": "beat", "shift": "shift"}
people = st.lists(st.tuples(st.sampled_from(["11", "12"]), st.booleans()), max_size=40)


def rows_of(people, carries):
    for n, (beat, answered) in enumerate(people):
        yield from (call(n, beat=beat), asked(n))
        if answered:
            known = {"beat": beat, "hour": 13} | {name: None for name in CARRIED if name not in carries}
            yield answer(n, "overall", 5, **known, carries=",".join(sorted(carries)))


def shown_in(document, name):
    tables = (block for part in document.sections for block in part.blocks if isinstance(block, Table))
    return {row[0].text: [cell.text for cell in row[1:]] for table in tables if table.id == name for row in table.rows}


@fewer
@given(people, st.frozensets(st.sampled_from(CARRIED)))
def test_a_part_that_answers_do_not_carry_is_not_known_and_else_as_counted(tried, tmp_path_factory, people, carries):
    """docs/agency/survey.md: of what answers may not carry, the report says that it is not known."""
    tried["reports with parts that are not carried"] += 1
    lake = LocalLake(write(tmp_path_factory.mktemp("lake"), rows_of(people, carries)))
    shown = shown_in(report(lake, AGENCY, QUARTER, "en", date(2026, 12, 1)), "response")
    silent = {name for name in HEADINGS if name not in carries and any(answered for _, answered in people)}

    assert not [part for part in shown for name in silent if part.startswith(f"{HEADINGS[name]}:")]
    for beat in ("11", "12"):
        of = [answered for one, answered in people if one == beat]
        asked_told, answered_told, *_ = shown.get(f"beat: {beat}", ["", ""])
        assert not asked_told.isdigit() or int(asked_told) == len(of)
        assert not answered_told.isdigit() or int(answered_told) == sum(of)


outcomes = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30)


@fewer
@given(outcomes)
def test_callers_who_were_told_the_end_are_those_who_got_an_outcome(tried, tmp_path_factory, told):
    tried["reports of outcomes and other messages"] += 1
    rows = [call(n) for n in range(len(told))]
    rows += [asked(n, kind="acknowledgment") for n, (any_word, _) in enumerate(told) if any_word]
    rows += [asked(n, kind="outcome") for n, (_, outcome) in enumerate(told) if outcome]
    lake = LocalLake(write(tmp_path_factory.mktemp("lake"), rows))
    document = report(lake, AGENCY, QUARTER, "en", date(2026, 12, 1))
    headline = next(part for part in document.sections if part.id == "headline")
    said = " ".join(block.text for block in headline.blocks if isinstance(block, Paragraph))
    found = re.search(r"callers of (.+?) were sent a message, and callers of (.+?) one that says", said)
    counted = (sum(any_word or outcome for any_word, outcome in told), sum(outcome for _, outcome in told))

    for figure, count in zip(found.groups() if found else (), counted, strict=bool(found)):
        assert not figure.isdigit() or int(figure) == count
        assert figure.isdigit() or count < SMALLEST
    assert found or counted[0] < SMALLEST


@many
@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.dates(date(2026, 1, 1), date(2028, 3, 1)))
def test_a_quarter_is_unfinished_until_its_last_day_is_over(tried, day, made_on):
    tried["quarters and the days of their reports"] += 1
    quarter = (day.month - 1) // 3
    over = date(day.year + quarter // 3, (quarter + 1) % 4 * 3 + 1, 1)

    assert (unfinished_on(Quarter(day.year, quarter + 1), made_on) is not None) == (made_on < over)
