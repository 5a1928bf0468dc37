"""Results: counted as a job by the named queries, opened by whoever may, and the same figures as the report."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

import app
from chalicelib.domain.desk.jobs import A_DAY, Asked
from chalicelib.domain.surveys.fixed_cells import FEWEST, Counted
from chalicelib.insight.figures import ask
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import QueryFailed
from chalicelib.insight.figures.surveys import ANSWERED, MARKED, surveys_of
from chalicelib.insight.results import nightly, report
from chalicelib.insight.results.job import CHUNKS, SERVICE, job_of, name_of, read
from tenfour.figures.local import LocalLake
from tests.insight.lake.rows import sample, write
from tests.web.desk.test_spanish import english
from tests.web.desk.valid import problems
from tests.web.desk.world import SPRINGFIELD, answered, asked

HERE = "/desk/springfield/results"
Q3 = Quarter(2026, 3)
NAMES = {"south": "springfield", "north": "shelbyville"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    rows = [replace(row, agency_id=NAMES[row.agency_id]) for row in sample(incidents=400)]
    return write(tmp_path_factory.mktemp("results"), rows)


@pytest.fixture
def desk(world, folder):
    """Return a desk over a lake, where the quarter was counted."""
    world.lake_source.holds(folder)
    return world


def counted(desk, quarter="2026Q3"):
    cookie = desk.signed_in("quality")
    answer = asked(desk, "POST", HERE, cookie=cookie, form={"quarter": quarter})
    assert answer.status_code == 303
    assert set(desk.do_work()) == {"done"}
    return cookie


def get(desk, cookie, **chosen):
    return asked(desk, "GET", HERE, cookie=cookie, query={"quarter": "2026Q3", **chosen})


def kept(desk):
    return read(desk.jobs.results("springfield", name_of(SPRINGFIELD, Q3, desk.now)))


def rows(folder, name):
    found = answered(folder, query(name).during(Q3.first, Q3.last)).dicts()
    return [row for row in found if row["agency_id"] == "springfield"]


def test_a_quarter_is_counted_once_for_everybody_and_opening_it_asks_nothing(desk):
    cookie = counted(desk)
    questions = len(desk.lake_source.asked)
    other = desk.signed_in("quality", cookie="another", subject="another")
    pages = [get(desk, who).body for who in (cookie, other)]
    again = asked(desk, "POST", HERE, cookie=other, form={"quarter": "2026Q3"})

    assert questions == len(SERVICE) + 2
    assert again.status_code == 303
    assert desk.work == []
    assert len(desk.lake_source.asked) == questions
    assert all("Each question" in body for body in pages)


def test_a_settled_quarter_stays_as_it_was_counted_and_is_not_counted_again(desk):
    counted(desk)
    before = kept(desk)
    desk.lake_source.holds(Path("/nowhere"))  # as if all of it had been erased
    desk.now += timedelta(days=60)
    again = asked(desk, "POST", HERE, cookie=desk.signed_in("quality"), form={"quarter": "2026Q3"})

    assert again.status_code == 303
    assert desk.work == []
    assert kept(desk) == before


def test_the_figures_are_the_report_s_to_the_last_digit(desk, folder):
    cookie = counted(desk)
    agency = replace(SPRINGFIELD, survey=replace(SPRINGFIELD.survey, questions=()))
    document = ask.report(LocalLake(folder), agency, Q3, "en", date(2026, 11, 21))
    tables = {block.id: block for part in document.sections for block in part.blocks if hasattr(block, "rows")}
    page = get(desk, cookie).body

    assert len(tables["questions"].rows) == 6
    for row in tables["questions"].rows:
        assert f'<td class="n">{row[1].text}</td><td>{row[2].text} ' in page, row


@pytest.mark.parametrize("dimension", ["type", "beat", "shift", "unit"])
def test_groups_are_the_named_query_s(desk, folder, dimension):
    counted(desk)
    column = {"type": "incident_type"}.get(dimension, dimension)
    known = {
        (row["question"], row["question_version"] or "", row[column] or "(not told)"): Counted(
            row["answers"], row["favourable"]
        )
        for row in rows(folder, f"satisfaction_by_{dimension}")
    }
    surveys, _ = kept(desk)
    shown = [line for line in surveys.lines if line.dimension == dimension and line.measure != ANSWERED]

    assert shown
    for line in shown:
        if not line.several:
            assert known[line.measure, line.version, line.group] == Counted(line.of, line.part)
    for key in {(line.measure, line.version) for line in shown}:
        whole = sum(counted.of for (*of, _), counted in known.items() if tuple(of) == key)
        assert sum(line.of for line in shown if (line.measure, line.version) == key) == whole


def test_nothing_that_is_kept_is_of_few(desk):
    counted(desk)
    surveys, _ = kept(desk)

    assert surveys.settled == 3
    assert {line.dimension for line in surveys.lines} >= {"type", "beat", "door", "language", "arm"}
    assert not [line for line in surveys.lines if line.of < FEWEST]


def test_a_running_quarter_shows_no_group_until_nobody_can_answer_and_is_then_the_same_every_day(folder):
    marks, people = rows(folder, "marks_by_group"), rows(folder, "non_response")
    days = [Q3.first + timedelta(days=after) for after in range(0, 200, 3)]
    views = [surveys_of(Q3, marks, people, day) for day in days]

    assert [view.settled for view in views] == sorted(view.settled for view in views)
    assert len(set(map(repr, views))) <= 4
    assert not [view for view in views if view.lines and view.settled < 3]
    for one, other in pairwise(views):
        for before in one.shown:
            (after,) = [x for x in other.shown if (x.measure, x.version) == (before.measure, before.version)]
            step = (after.of or 0) - (before.of or 0)
            assert step == 0 or step >= FEWEST


def test_watch_sees_how_the_service_went_and_who_answers_and_no_marks(desk):
    counted(desk)
    watch = desk.signed_in("watch")
    wanted = get(desk, watch, measure="satisfaction")
    pages = {name: get(desk, watch, measure=name).body for name in ("response", "timeliness", "delivery")}

    assert "Satisfaction" not in wanted.body
    assert "Each question" not in wanted.body
    assert "People asked, and people who answered" in pages["response"]
    assert "Delay notices by priority" in pages["timeliness"]
    assert "Texts and emails by outcome" in pages["delivery"]
    assert "Told by carriers" not in get(desk, watch, measure="cost").body


@pytest.mark.parametrize("measure", ["satisfaction", "response", "timeliness", "delivery", "cost"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_view_is_valid_and_in_the_language_of_its_reader(desk, measure, language):
    cookie = counted(desk)
    headers = {"accept-language": language}
    for by in ("", *MARKED):
        chosen = {"quarter": "2026Q3", "measure": measure, "by": by}
        body = asked(desk, "GET", HERE, cookie=cookie, query=chosen, headers=headers).body

        assert problems(body) == []
        assert ("Resultados" if language == "es" else "Results") in body
        assert language == "en" or not english(body)


def test_what_athena_refuses_is_told_and_may_be_asked_again(desk, monkeypatch):
    def refuses(sql):
        raise QueryFailed("Athena: no")

    monkeypatch.setattr(desk.lake_source, "query", refuses)
    cookie = desk.signed_in("quality")
    asked(desk, "POST", HERE, cookie=cookie, form={"quarter": "2026Q3"})

    assert set(desk.do_work()) == {"refused"}
    body = get(desk, cookie).body
    assert "Athena refused a question." in body
    assert "Ask again" in body
    monkeypatch.undo()


def test_what_an_address_names_wrongly_is_as_if_it_named_nothing(desk):
    cookie = counted(desk)
    usual = get(desk, cookie).body
    nonsense = get(desk, cookie, measure="officers", by="officer_ids", question="no")

    assert "Each question" in usual
    assert "Each question" in nonsense.body
    for quarter in ("2031Q1", "2026Q5", "x"):
        assert "2026Q4" in asked(desk, "GET", HERE, cookie=cookie, query={"quarter": quarter}).body


def test_the_last_complete_day_is_asked_for_by_itself_once_a_night(desk):
    night = datetime(2026, 11, 22, 3, 1, tzinfo=SPRINGFIELD.zone).astimezone(UTC)
    desk.now = night
    found = [nightly.ask_due(desk, night + timedelta(minutes=minute)) for minute in (0, 1)]

    assert found == [2, 2]
    assert len(desk.work) == 2 * (2 * len(CHUNKS) + len(report.CHUNKS))
    assert set(desk.do_work()) == {"done"}
    running = job_of(SPRINGFIELD, Quarter(2026, 4), nightly.OURS, desk.now)
    assert running.given["day"] == "2026-11-21"
    assert desk.jobs.find("springfield", running.name).state(desk.now) == "done"
    assert nightly.ask_due(desk, night + timedelta(hours=1)) == 0


def test_a_day_of_many_jobs_keeps_no_night_from_being_counted(desk):
    night = desk.now = datetime(2026, 11, 22, 3, 1, tzinfo=SPRINGFIELD.zone).astimezone(UTC)
    for number in range(A_DAY):
        desk.jobs.count("springfield", Asked(job=f"job{number}", by=nightly.OURS, at=night - timedelta(hours=1)))

    assert nightly.ask_due(desk, night) == 2
    assert len(desk.jobs.counted("springfield", night - timedelta(days=1))) == A_DAY
    assert len(desk.work) == 2 * (2 * len(CHUNKS) + len(report.CHUNKS))


def test_the_desk_s_minute_asks_in_the_first_minutes_of_an_hour():
    (minutes,) = re.findall(r"now\(\).minute < (\d+)", Path(app.__file__).read_text())

    assert int(minutes) == nightly.MINUTES
