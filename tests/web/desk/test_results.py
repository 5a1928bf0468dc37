"""Results: counted as a job by the named queries, opened by whoever may, and the same figures as the report."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

import app
from chalicelib.domain.desk.jobs import A_DAY, Asked
from chalicelib.domain.lake.survey_columns import SurveyAnswerRow
from chalicelib.domain.ledger.what import What
from chalicelib.domain.surveys.fixed_cells import FEWEST, FEWEST_OF_EMPLOYEE, Counted
from chalicelib.insight.figures import ask
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import QueryFailed
from chalicelib.insight.figures.surveys import ANSWERED, EMPLOYEES, MARKED, surveys_of
from chalicelib.insight.results import nightly, report
from chalicelib.insight.results.job import CHUNKS, SERVICE, SURVEYS, job_of, name_of, read
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

    assert questions == len((*SERVICE, *SURVEYS))
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


def test_a_question_leads_to_its_own_groups_and_the_page_names_the_question_that_they_are_of(desk):
    cookie = counted(desk)
    body = get(desk, cookie).body
    leads = re.findall(r'href="([^"]*question=helped[^"]*)"', body)
    chosen = get(desk, cookie, question="helped", by="beat").body

    assert leads
    assert all("by=type" in one for one in leads)
    assert "Question: <b><bdi>Overall, I am satisfied" in body
    assert "Question: <b><bdi>The police helped" in chosen


def test_of_a_month_that_does_not_count_yet_the_page_does_not_say_that_few_answered(desk):
    desk.now = datetime(2026, 8, 20, 18, tzinfo=UTC)
    body = get(desk, counted(desk)).body

    assert "0 of this quarter" in body
    assert "under 5" not in body
    assert body.count('<td class="n">not shown</td>') == 6


def test_where_more_answered_than_are_known_to_be_asked_the_page_does_not_say_that_they_are_few(desk):
    body = get(desk, counted(desk), measure="response").body

    assert "under 5" not in body
    assert "more answered than are known to have been asked" in body
    assert problems(body) == []


def test_only_of_two_quarters_the_page_says_that_they_are_counted_by_themselves(desk):
    cookie = desk.signed_in("quality")
    said = ["each night by itself" in get(desk, cookie, quarter=name).body for name in ("2026Q4", "2026Q3", "2026Q2")]

    assert said == [True, True, False]


def test_nothing_that_is_kept_is_of_few(desk):
    counted(desk)
    surveys, _ = kept(desk)

    assert surveys.settled == 3
    assert {line.dimension for line in surveys.lines} >= {"type", "beat", "door", "language", "arm"}
    assert not [line for line in surveys.lines if line.of < FEWEST]
    assert not [line for line in surveys.lines if line.dimension == "unit" and line.of < FEWEST_OF_EMPLOYEE]


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


AGREEMENT = "Police Officers Association & City, January 2026"
OFFICERS = {"o1": 40, "o2": 30, "o3": 7, "o4": 9, "(several)": 25, None: 12}
CALL_TAKERS = {"ct1": 60, "ct2": 9, None: 54}


def told_of(counts):
    return [name for name, count in counts.items() for _ in range(count)]


@pytest.fixture
def agreed(desk, tmp_path):
    """Return a desk whose agency named its labor agreement, and whose answers tell officers and call takers."""
    rows = [
        SurveyAnswerRow(
            id=f"{n}{question}",
            version=1,
            dt=date(2026, 8, 3),
            agency_id="springfield",
            question=question,
            about={"respect": "officer", "call_taker": "call_taker"}.get(question, "agency"),
            mark=(1, 5, 4, 5)[n % 4],
            settings_version=1,
            asked_at=desk.now,
            answered_at=desk.now,
            respondent=f"r{n}",
            asked_on="2026-08-03",
            beat=f"{n % 3}",
            unit=f"3A{n % 2}",
            officer=officer,
            call_taker_id=taker,
        )
        for n, (officer, taker) in enumerate(zip(told_of(OFFICERS), told_of(CALL_TAKERS), strict=True))
        for question in ("respect", "call_taker", "overall")
    ]
    desk.lake_source.holds(write(tmp_path, rows))
    publish(desk, carry=frozenset({"officer", "call_taker"}), labor_agreement=AGREEMENT)
    return desk


def publish(desk, **survey):
    agencies = desk.settings._port._agencies
    agencies["springfield"] = replace(agencies["springfield"], survey=replace(SPRINGFIELD.survey, **survey))


def names(body):
    return re.findall(r'<th scope="row"><bdi>([^<]*)</bdi>', body)


def test_officers_and_call_takers_of_ten_are_shown_in_the_order_of_ids_and_the_rest_is_one_line(agreed):
    cookie = counted(agreed)
    officers = get(agreed, cookie, question="respect", by="officer").body
    takers = get(agreed, cookie, question="call_taker", by="call_taker").body

    assert names(officers) == ["not told", "several officers", "o1", "o2", "2 more"]
    assert names(takers) == ["ct1", "2 more"]
    assert AGREEMENT.replace("&", "&amp;") in officers
    for body in (officers, takers):
        assert "no clear difference" not in body
        assert "Against all others" not in body
        assert problems(body) == []
    surveys, _ = kept(agreed)
    assert not [line for line in surveys.lines if line.dimension in EMPLOYEES and line.of < FEWEST_OF_EMPLOYEE]


def test_figures_by_officer_are_in_the_language_of_their_reader(agreed):
    chosen = {"quarter": "2026Q3", "question": "respect", "by": "officer"}
    headers = {"accept-language": "es"}
    body = asked(agreed, "GET", HERE, cookie=counted(agreed), query=chosen, headers=headers).body

    assert names(body) == ["no consta", "varios agentes", "o1", "o2", "2 más"]
    assert problems(body) == []
    assert not english(body)


def test_a_question_about_an_officer_has_no_second_view_from_which_one_could_be_subtracted(agreed):
    cookie = counted(agreed)
    surveys, _ = kept(agreed)
    shown = {(line.measure, line.dimension) for line in surveys.lines}

    assert {dimension for measure, dimension in shown if measure == "respect"} == {"officer"}
    assert {dimension for measure, dimension in shown if measure == "call_taker"} == {"call_taker"}
    assert {dimension for measure, dimension in shown if measure == "overall"} >= {"beat", "unit"}
    assert "Each question" in get(agreed, cookie, question="overall", by="officer").body


def test_each_look_at_officers_is_in_the_ledger_and_nothing_is_shown_without(agreed):
    cookie = counted(agreed)
    get(agreed, cookie, question="respect")
    before = len(agreed.ledger.said)
    get(agreed, cookie, question="respect", by="officer")
    get(agreed, cookie, question="call_taker", by="call_taker")

    assert agreed.ledger.said[before:] == [
        (What.LOOKED, "results 2026Q3 by officer"),
        (What.LOOKED, "results 2026Q3 by call taker"),
    ]
    agreed.ledger.down = True
    refused = get(agreed, cookie, question="respect", by="officer")
    assert refused.status_code == 503
    assert "o1" not in names(refused.body)
    assert get(agreed, cookie, question="respect").status_code == 200


@pytest.mark.parametrize(
    "survey",
    [
        {"carry": frozenset({"officer", "call_taker"})},
        {"carry": frozenset({"unit"}), "labor_agreement": AGREEMENT},
        {"carry": frozenset({"officer"}), "labor_agreement": AGREEMENT, "anonymous": True},
    ],
)
@pytest.mark.parametrize("counted_before", [True, False])
def test_without_the_agreement_or_the_setting_there_are_no_officers_also_not_in_what_was_counted(
    agreed, survey, counted_before
):
    cookie = counted(agreed) if counted_before else agreed.signed_in("quality")
    publish(agreed, **survey)
    if not counted_before:
        counted(agreed)
    page = get(agreed, cookie, question="respect", by="officer").body

    assert "o1" not in page
    assert AGREEMENT not in page
    assert [line.dimension for line in kept(agreed)[0].lines].count("officer") == (5 if counted_before else 0)


@pytest.mark.parametrize("role", ["watch", "supervisor", "approver", "standards"])
def test_officers_are_for_whoever_may_see_results(agreed, role):
    counted(agreed)
    other = agreed.signed_in(role, cookie="other", subject="other")
    for measure in ("satisfaction", "response"):
        page = get(agreed, other, measure=measure, question="respect", by="officer").body

        assert ("o1" in names(page)) == (role == "approver" and measure == "satisfaction")
