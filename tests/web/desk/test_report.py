"""The quarter's report at the desk: made as a job, read, and released by two people; then it is a file."""

import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.waiting_mail import WaitingMail
from chalicelib.flow.desk.mail_waiting import mail_waiting
from chalicelib.insight.figures.ask import report as ask_report
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import QueryFailed
from chalicelib.insight.figures.surveys import ANSWERED
from chalicelib.insight.results import job as results
from chalicelib.insight.results import nightly
from chalicelib.insight.results.report import job_of, made, newest, settled_on
from chalicelib.virtual.desk import MemoryAttention
from tenfour.figures.local import LocalLake
from tests.web.desk.full import ANN, full_desk
from tests.web.desk.test_each_act import Q3, fields
from tests.web.desk.test_results import desk, folder  # noqa: F401  fixtures
from tests.web.desk.test_spanish import english
from tests.web.desk.valid import problems
from tests.web.desk.world import SPRINGFIELD, asked

HERE = "/desk/springfield/report"


@pytest.fixture
def full(monkeypatch):
    return full_desk(monkeypatch)


def person(world, role="quality", name="ana"):
    return world.signed_in(role, cookie=name, subject=name, agencies=("springfield",))


def page(world, cookie, **more):
    return asked(world, "GET", HERE, cookie=cookie, **more).body


def press(world, cookie, mark):
    form = fields(world, cookie, "report", "report/release", f'value="{mark}"')
    return asked(world, "POST", f"{HERE}/release", cookie=cookie, form=form)


def downloads(world, cookie):
    return re.findall(
        r'href="(/desk/springfield/report/file)\?version=([\w.]+)&amp;language=(\w+)"', page(world, cookie)
    )


def get(world, cookie, version, language):
    query = {"version": version, "language": language}
    return asked(world, "GET", f"{HERE}/file", cookie=cookie, query=query)


def test_a_report_is_made_as_a_job_and_is_that_of_the_command_but_for_quotes(desk, folder):  # noqa: F811
    cookie = person(desk)
    answer = asked(desk, "POST", HERE, cookie=cookie, form={"quarter": "2026Q3"})
    done = desk.do_work()
    day = desk.now.astimezone(SPRINGFIELD.zone).date()
    document = ask_report(LocalLake(folder), SPRINGFIELD, Q3, "en", day)
    kept = made(desk, "springfield", Q3).document("en")

    assert (answer.status_code, done) == (303, ["done"])
    assert [part for part in kept.sections if part.id != "comments"] == [
        part for part in document.sections if part.id != "comments"
    ]
    assert query("comments").during(Q3.first, Q3.last) not in desk.lake_source.asked
    assert (What.COUNTED, "the quarterly report of 2026Q3") in desk.ledger.said
    assert "What callers told us" in page(desk, cookie)


def test_a_report_is_made_by_itself_in_the_night_in_which_its_results_are_counted_for_good(desk):  # noqa: F811
    """Whoever is erased later is in both: by subtracting one from the other nobody learns what they answered."""
    desk.now = datetime(2026, 11, 8, 3, 1, tzinfo=SPRINGFIELD.zone).astimezone(UTC)
    nightly.ask_due(desk, desk.now - timedelta(days=1))
    before = made(desk, "springfield", Q3)
    nightly.ask_due(desk, desk.now)
    desk.do_work()
    document = made(desk, "springfield", Q3).document("en")
    surveys, _ = results.read(desk.jobs.results("springfield", results.name_of(SPRINGFIELD, Q3, desk.now)))
    tables = {block.id: block for part in document.sections for block in part.blocks if hasattr(block, "rows")}

    assert before is None
    assert surveys.settled == 3
    answers = sorted(one.of for one in surveys.shown if one.measure != ANSWERED)
    assert sorted(row[1].value for row in tables["questions"].rows) == answers


def test_a_report_that_is_made_stays_and_is_not_made_again(desk):  # noqa: F811
    cookie = person(desk)
    asked(desk, "POST", HERE, cookie=cookie, form={"quarter": "2026Q3"})
    desk.do_work()
    before = made(desk, "springfield", Q3)
    desk.lake_source.holds(Path("/nowhere"))  # as if all of it had been erased
    desk.now += timedelta(days=60)
    asked(desk, "POST", HERE, cookie=person(desk), form={"quarter": "2026Q3"})

    assert desk.work == []
    assert made(desk, "springfield", Q3) == before


def test_only_a_quarter_for_which_nobody_can_answer_any_more_has_a_report(full):
    cookie = person(full)
    asked(full, "POST", HERE, cookie=cookie, form={"quarter": "2026Q4"})
    day = full.now.replace(year=2027, month=2, day=8, hour=12)

    assert full.work == []
    assert newest(SPRINGFIELD, day - timedelta(days=1)) == Q3
    assert newest(SPRINGFIELD, day) == Q3.next
    assert settled_on(Q3.next) == day.date()


@pytest.mark.parametrize("name", ["0000Q1", "0001Q1", "0999Q4", "٢٠٢٦Q3", "2026Q9", "9999Q4"])
@pytest.mark.parametrize("where", ["report", "results"])
def test_a_year_that_no_calendar_has_is_as_no_quarter_at_all(full, where, name):
    cookie, path = person(full), f"/desk/springfield/{where}"
    shown = [asked(full, "GET", path, cookie=cookie, query={"quarter": one}) for one in ("", name)]
    made_too = asked(full, "POST", path, cookie=cookie, form={"quarter": name})

    assert [one.status_code for one in (*shown, made_too)] == [200, 200, 303]
    without, named = (one.body.partition("<main")[2].partition("</main")[0] for one in shown)
    assert without == named
    assert name not in made_too.headers["Location"]


def test_one_person_proposes_another_approves_and_then_it_is_a_file(full):
    ana, bo, reads = person(full), person(full, "approver", "bo"), person(full, "quality", "cy")
    text = made(full, "springfield", Q3)
    before = downloads(full, reads)
    press(full, ana, "propose")
    own = asked(full, "POST", f"{HERE}/release", cookie=ana, form={**form_of(full, bo), "act": "approve"})
    waits = downloads(full, reads)
    approved = press(full, bo, "approve")
    after = downloads(full, reads)

    assert (before, waits) == ([], [])
    assert own.status_code == 409
    assert "you proposed this yourself" in own.body
    assert approved.status_code == 303
    assert [(version, language) for _, version, language in after] == [("2026Q3.0001", "en"), ("2026Q3.0001", "es")]
    (one,) = full.reports.released("springfield")
    assert one.of == text.of
    assert {language: full.reports.text("springfield", one.of, language) for language in one.languages} == text.texts
    assert full.ledger.steps[-3:] == [("proposed", "report"), ("approved", "report"), ("done", "report")]


def now_of(world, cookie):
    return asked(world, "GET", "/desk/springfield", cookie=cookie).body


def mailed(world, roles=(Role.APPROVER, Role.SUPERVISOR)):
    """Return the bodies of the emails of a day, by mailbox."""
    ports, ours = world.city.ports, world.settings.agency("springfield")
    mail = WaitingMail(when="daily", at=time(), to={role: (f"{role}@pd.example",) for role in roles})
    before = len(ports.email.outgoing)
    world.settings._port._agencies["springfield"] = replace(ours, desk=replace(ours.desk, mail=mail))
    mail_waiting(ports, world.now + timedelta(minutes=1), {"springfield": world.attention.of("springfield")})
    return {one.address: one.body for one in ports.email.outgoing[before:]}


def test_a_report_that_waits_is_on_the_first_page_of_whoever_may_release_it_and_did_not_propose_it(full):
    ana, bo, lead = person(full), person(full, "approver", "bo"), person(full, "supervisor", "lee")
    words = "APPROVAL: Release a quarter&#39;s report, 2026Q3"
    before = now_of(full, bo)
    press(full, ana, "propose")
    waits = [now_of(full, cookie) for cookie in (bo, ana, lead)]
    href = re.search(r'href="(/desk/springfield/report)\?quarter=2026Q3">Read it, and decide', waits[0])
    reads = asked(full, "GET", href[1], cookie=bo, query={"quarter": "2026Q3"})
    press(full, bo, "approve")

    assert words not in before
    assert [words in body for body in waits] == [True, False, False]
    assert 'value="approve"' in reads.body
    assert words not in now_of(full, bo)


def test_a_report_that_waits_is_in_the_daily_email_of_those_who_release_it_and_nobody_is_in_that(full):
    full.attention = full.city.ports.attention = MemoryAttention()
    press(full, person(full), "propose")
    (told,) = mailed(full).items()

    assert told[0] == "approver@pd.example"
    assert "- proposals that another person must decide on: 1\n" in told[1]
    assert not re.search(r"Ana|2026Q3|desk:|[0-9a-f]{12}", told[1])
    press(full, person(full, "approver", "bo"), "approve")
    assert mailed(full) == {}


def form_of(world, cookie):
    return fields(world, cookie, "report", "report/release", 'value="approve"')


def released(world):
    press(world, person(world), "propose")
    press(world, person(world, "approver", "bo"), "approve")
    return person(world, "quality", "cy")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_file_stands_by_itself_and_loads_nothing(full, language):
    answer = get(full, released(full), "2026Q3.0001", language)

    assert answer.headers["Content-Disposition"] == f'attachment; filename="report-2026Q3-1-{language}.html"'
    assert answer.body.lstrip().startswith("<!doctype html>")
    assert f'<html lang="{language}">' in answer.body
    assert re.findall(r'(?:src|href)="(?!data:|#)', answer.body) == []
    assert "<script" not in answer.body
    assert "<svg" in answer.body
    assert problems(answer.body) == []


def test_what_is_not_released_is_no_file(full):
    cookie = released(full)

    for version, language in (("2026Q3.0002", "en"), ("2026Q3.0001", "fr"), ("", ""), ("2026Q2.0001", "en")):
        assert get(full, cookie, version, language).status_code == 404
    assert asked(full, "GET", "/desk/shelbyville/report/file", cookie=cookie).status_code == 403


def test_a_text_that_was_made_anew_since_is_not_what_was_proposed(full):
    """The approval is of a digest: whatever the job holds by then, nobody releases what they did not read."""
    bo = person(full, "approver", "bo")
    press(full, person(full), "propose")
    form = form_of(full, bo)
    job = job_of(Q3, ANN, full.now)
    results = full.jobs._port.results("springfield", job.name)
    changed = results["document"].replace("What callers", "What others")
    full.jobs._port.results = lambda *_: {"document": changed}
    answer = asked(full, "POST", f"{HERE}/release", cookie=bo, form=form)

    assert answer.status_code == 409
    assert full.reports.released("springfield") == []
    assert ("done", "report") not in full.ledger.steps


def test_a_text_that_is_made_anew_while_it_is_approved_is_not_released(full):
    """Between the look that compares the digest and the one that takes the text a job may have changed it."""
    bo = person(full, "approver", "bo")
    press(full, person(full), "propose")
    form = form_of(full, bo)
    kept = full.jobs._port.results("springfield", job_of(Q3, ANN, full.now).name)
    changed = {"document": kept["document"].replace("What callers", "What others")}
    looks = iter((kept,))
    full.jobs._port.results = lambda *_: next(looks, changed)
    answer = asked(full, "POST", f"{HERE}/release", cookie=bo, form=form)

    assert answer.status_code == 409
    assert full.reports.released("springfield") == []
    assert ("approved", "report") not in full.ledger.steps


def test_a_proposal_that_is_declined_or_taken_back_releases_nothing(full):
    for name in ("bo", "ana"):
        full.now += timedelta(minutes=1)
        press(full, person(full), "propose")
        answer = press(full, person(full, "quality", name), "decline")
        assert answer.status_code == 303
        assert "Propose to release it" in page(full, person(full))

    assert full.reports.released("springfield") == []


def test_what_is_declined_while_somebody_approves_it_is_not_released(full):
    """Bo looked at what waits, and Cy declined before Bo's approval was written: Cy was told that it is declined."""
    ana, bo, cy = person(full), person(full, "approver", "bo"), person(full, "quality", "cy")
    press(full, ana, "propose")
    forms = {act: fields(full, bo, "report", "report/release", f'value="{act}"') for act in ("approve", "decline")}
    keep, told = full.ledger.book.keep, []

    def kept(entry):
        if entry.step == "approved":
            full.ledger.book.keep = keep
            told.append(asked(full, "POST", f"{HERE}/release", cookie=cy, form=forms["decline"]).status_code)
        keep(entry)

    full.ledger.book.keep = kept
    answer = asked(full, "POST", f"{HERE}/release", cookie=bo, form=forms["approve"])

    assert (told, answer.status_code) == ([303], 409)
    assert full.reports.released("springfield") == []
    assert ("done", "report") not in full.ledger.steps


def test_the_same_text_is_released_once(full):
    cookie = released(full)
    again = asked(
        full,
        "POST",
        f"{HERE}/release",
        cookie=cookie,
        form={"quarter": "2026Q3", "of": made(full, "springfield", Q3).of, "act": "propose"},
    )

    assert again.status_code == 409
    assert "Released: version 1, by" in page(full, cookie)
    assert len(full.reports.released("springfield")) == 1


def test_a_report_that_is_not_kept_any_more_stays_as_a_file_and_may_be_made_again(full):
    released(full)
    full.now += timedelta(days=93)
    cookie = person(full)
    body = page(full, cookie, query={"quarter": "2026Q3"})

    assert "A version of it is released, and stays below." in body
    assert "not made yet" not in body
    assert get(full, cookie, "2026Q3.0001", "en").status_code == 200


def test_only_of_the_newest_quarter_the_page_says_that_its_report_is_made_by_itself(desk):  # noqa: F811
    cookie = person(desk)
    newest_one, older = (page(desk, cookie, query={"quarter": name}) for name in ("2026Q3", "2026Q1"))

    assert "It is made by itself in the night" in newest_one
    assert "It is made by itself in the night" not in older
    assert "By itself only that of the newest quarter is made." in older


def test_from_the_report_s_end_a_link_leads_back_to_the_decision(full):
    press(full, person(full), "propose")
    body = page(full, person(full, "approver", "bo"))

    assert body.index('id="decide"') < body.index('value="approve"') < body.index('href="#decide"')


def test_who_may_not_release_may_read_and_who_sees_no_results_sees_none(full):
    assert asked(full, "GET", HERE, cookie=person(full, "watch", "wu")).status_code == 403
    assert asked(full, "GET", HERE, cookie=person(full, "words", "wo")).status_code == 403
    assert asked(full, "GET", HERE, cookie=person(full, "approver", "bo")).status_code == 200


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_state_of_the_page_is_valid_and_in_the_language_of_its_reader(full, language):
    headers = {"accept-language": language}
    ana, bo = person(full), person(full, "approver", "bo")
    bodies = [page(full, ana, headers=headers, query={"quarter": "2026Q2"}), page(full, ana, headers=headers)]
    press(full, ana, "propose")
    bodies += [page(full, who, headers=headers) for who in (ana, bo)]
    press(full, bo, "approve")
    bodies.append(page(full, ana, headers=headers))

    for body in bodies:
        assert problems(body) == []
        assert language == "en" or not english(body)
    assert len(set(bodies)) == len(bodies)


def test_what_athena_refuses_is_told_and_may_be_asked_again(desk, monkeypatch):  # noqa: F811
    def refuses(sqls):
        raise QueryFailed("Athena: no")

    monkeypatch.setattr(desk.lake_source, "queries", refuses)
    cookie = person(desk)
    asked(desk, "POST", HERE, cookie=cookie, form={"quarter": "2026Q3"})

    assert desk.do_work() == ["refused"]
    assert "Athena refused a question." in page(desk, cookie)
    assert "Ask again" in page(desk, cookie)
