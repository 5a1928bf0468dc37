"""What a draft would have done to the last week's calls: asked, worked on day by day, and opened by whoever asked."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.history import Heard
from chalicelib.domain.approval import Author
from chalicelib.domain.desk import draft_week
from chalicelib.domain.desk.draft_week import DAYS
from chalicelib.domain.desk.drafts import begun
from chalicelib.domain.desk.jobs import LATE_AFTER, read_work
from chalicelib.domain.ledger.what import What
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.settings.desk import Desk
from chalicelib.insight.desk import jobs
from chalicelib.insight.drafts.week import week_of
from chalicelib.insight.settings.calls import calls_heard
from chalicelib.insight.settings.check_text import check_text
from chalicelib.insight.settings.diff import as_json, diff
from chalicelib.insight.settings.written import as_toml
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.town.calls import generate
from chalicelib.web.desk import door
from tests.factories import demo_agency
from tests.web.desk.test_spanish import english
from tests.web.desk.valid import problems
from tests.web.desk.world import ROLES, DeskWorld, asked

HERE = "/desk/springfield/drafts"
OURS = replace(demo_agency(), desk=Desk(roles=ROLES))
ANN = Author("desk:id.springfield.example:ann", "Ann Lead")


@pytest.fixture
def world(monkeypatch):
    made = DeskWorld(OURS)
    monkeypatch.setattr(door, "now", lambda: made.now)
    return made


@pytest.fixture
def ben(world):
    return world.signed_in("approver", "supervisor", cookie="ben", subject="ben", name="Ben Okafor")


def quieter(agency):
    """Return settings that say nothing of how calls ended, and say everything else otherwise."""
    types = tuple(
        replace(one, notify=tuple(kind for kind in one.notify if kind is not Kind.OUTCOME))
        for one in agency.incident_types
    )
    return replace(agency, incident_types=types, short_name="PD Quiet")


def drafted(world, agency=None, name="quieterone", text=""):
    said = text or as_toml(agency or quieter(OURS))
    digest = world.drafts.keep_text("springfield", said, world.now)
    return world.drafts.write("springfield", begun(name, digest, "say less", 0, ANN, world.now))


def lived(world, each_day=6, days=DAYS):
    """Let dispatch tell of so many calls on each of the last days, and the city live until now."""
    today = world.now.astimezone(OURS.zone).replace(hour=0, minute=0)
    for back in range(days, 0, -1):
        cases = generate(back, each_day, today - timedelta(days=back), timedelta(hours=20), speed=1)
        phones = {}
        cases = [
            replace(case, incident_number=f"D{back}-{case.line}", messages=_named(case, back, phones)) for case in cases
        ]
        told, rejected = told_by(cases, OURS)
        assert not rejected
        for one in world.city.play(told):
            key = IncidentKey("springfield", one.update.incident_number)
            world.archive.heard.setdefault(key, []).append(Heard(one.at, one.update.update_id, (one.update,)))


def _named(case, back, phones):
    """Return a case's messages under a number and phones of its day alone: nobody calls on two days."""

    def of_day(body):
        body = {**body, "incident_number": f"D{back}-{case.line}"}
        for party in body.get("reporting_parties", ()):
            if party.get("phone"):
                party["phone"] = phones.setdefault(party["phone"], fictional_phone(1000 * back + len(phones)))
        return body

    return tuple(replace(message, body=of_day(message.body)) for message in case.messages)


def get(world, cookie, below="/week", **query):
    answer = asked(world, "GET", HERE + below, cookie=cookie, query=query)
    assert answer.status_code != 200 or below.endswith("live") or problems(answer.body) == []
    return answer


def ask(world, cookie, name="quieterone"):
    """Ask, and return what the page's address says."""
    answer = asked(world, "POST", f"{HERE}/week", cookie=cookie, form={"id": name})
    assert answer.status_code == 303
    return dict(re.findall(r"(id|job)=(\w+)", answer.headers["Location"]))


def test_the_result_is_what_the_command_line_says_of_the_same_calls(world, ben):
    lived(world)
    draft = drafted(world)
    asked_for = ask(world, ben)
    became = world.do_work()

    told = calls_heard(world_with_first(world), "springfield", world.now, print)
    after = check_text(world.drafts.text("springfield", draft.text), OURS).agency
    by_command = as_json(diff(OURS, after, told, int))
    week = week_of(world.jobs.results("springfield", asked_for["job"]))
    assert became == ["done"] * DAYS
    assert (week.played, week.calls) == (by_command["incidents"], 6 * DAYS)
    assert (week.sent_before, week.sent_after) == (by_command["sent_before"], by_command["sent_after"])
    assert week.counts == {
        (one["incident_type"], one["kind"], one["change"]): one["notifications"] for one in by_command["counts"]
    }
    assert {change for _, _, change in week.counts} >= {"vanishes", "changes"}
    differ = {
        (one["incident_number"], one["kind"], one["change"], one["before"]["reason"], one["after"]["reason"])
        for one in by_command["differences"]
    }
    assert {
        (one.incident_number, one.kind, one.change, one.before.reason, one.after.reason) for one in week.examples
    } <= differ


def world_with_first(world):
    """Return the world with what a stack has of an agency's first settings, from which the command begins."""
    world.settings._port.signed = lambda *_: ("D. Okafor", world.now - timedelta(days=DAYS + 3))
    return world


def test_the_page_says_how_far_it_is_and_the_result_opens_its_examples(world, ben):
    lived(world)
    drafted(world)
    before = get(world, ben, id="quieterone").body
    query = ask(world, ben)
    began = get(world, ben, **query).body
    first, *rest = world.work
    world.work = [first]
    world.do_work()
    live = get(world, ben, "/week-live", **query)
    same = asked(
        world, "GET", f"{HERE}/week-live", cookie=ben, query=query, headers={"if-none-match": live.headers["ETag"]}
    )
    world.work = rest
    world.do_work()
    done = get(world, ben, id="quieterone").body
    lines = len(world.ledger.entries)
    result = get(world, ben, "/week-result", **query).body

    assert "Play last week&#39;s calls" in before
    assert "It begins in a moment." in began
    assert 'data-live="' in began
    assert "See how far it is" in began
    assert "1 of 7 days are done." in live.body
    assert (same.status_code, same.body) == (304, "")
    assert "Open the result" in done
    assert "data-live" not in done
    assert "All 42 calls were played." in result
    assert re.search(r'<a class="go" href="[^"]*/incident\?number=D\d-\d">', result)
    assert not re.search(r"\d{7,}", re.sub(r'datetime="[^"]*"|data-now="\d+"', "", result))
    assert [(one.what, one.about) for one in world.ledger.entries[lines:]] == [
        (What.LOOKED, "draft quieterone: what it would have done to the calls of a week")
    ]
    assert (What.DRAFTED, "draft quieterone: tried on the calls of the last week") in world.ledger.said


def test_no_person_is_in_what_is_kept_of_a_job(world, ben):
    lived(world)
    drafted(world)
    query = ask(world, ben)
    world.do_work()
    kept = str(world.jobs.results("springfield", query["job"]))
    phones = {
        party["phone"]
        for heard in world.archive.heard.values()
        for one in heard
        for update in one.updates
        for party in update.parties.values()
        if party.get("phone") and party["phone"].number
    }

    assert len(phones) > 20
    assert not [phone for phone in phones if phone.number.removeprefix("+1") in kept]
    assert "body" not in kept


def test_whoever_has_no_incident_s_page_has_its_number_without_a_link(world):
    lived(world, days=1)
    drafted(world)
    words = world.signed_in("words")
    query = ask(world, words)
    world.do_work()
    result = get(world, words, "/week-result", **query).body

    assert "D1-" in result
    assert "/incident?number=" not in result


def test_a_job_is_of_whoever_asked_and_of_nobody_else(world, ben):
    lived(world, days=1)
    drafted(world)
    query = ask(world, ben)
    world.do_work()
    other = world.signed_in("approver", cookie="eve", subject="eve")

    assert "Open the result" not in get(world, other, **query).body
    assert "All 6 calls" not in get(world, other, "/week-result", **query).body
    assert get(world, other, "/week-live", **query).status_code == 404
    assert ask(world, other)["job"] != query["job"]


def test_asking_twice_does_it_once_and_a_chunk_that_comes_twice_repeats_nothing(world, ben):
    drafted(world)
    ask(world, ben)
    waits = [*world.work]
    ask(world, ben)
    assert world.work == waits
    world.work = [*waits, *waits]

    assert world.do_work() == ["done"] * DAYS + ["nothing"] * DAYS


def test_a_worker_that_is_killed_before_it_wrote_loses_nothing(world, ben):
    lived(world, days=1)
    drafted(world)
    query = ask(world, ben)
    *waits, last = world.work
    world.work = waits
    world.do_work()
    assert world.jobs.find("springfield", query["job"]).state(world.now) == "running"
    world.work = [last]
    world.do_work(tries=2)

    assert week_of(world.jobs.results("springfield", query["job"])).played == 6


def test_what_fails_is_tried_three_times_then_said_and_may_be_asked_again(world, ben, monkeypatch):
    drafted(world)
    monkeypatch.setitem(jobs._DO, "draft_week", broken)
    query = ask(world, ben)
    body = world.work[0]
    for tries in (1, 2):
        with pytest.raises(ZeroDivisionError):
            jobs.work_on(world, body, tries)
        assert world.jobs.find("springfield", query["job"]).state(world.now) == "asked"
    with pytest.raises(ZeroDivisionError):
        jobs.work_on(world, body, jobs.MOST_TRIES)
    page = get(world, ben, **query).body
    monkeypatch.undo()
    monkeypatch.setattr(door, "now", lambda: world.now)
    world.work, world.now = [], world.now + timedelta(minutes=1)
    again = ask(world, ben)
    world.do_work()

    assert "It could not be done." in page
    assert "Something failed." in page
    assert again == query
    assert world.jobs.find("springfield", query["job"]).state(world.now) == "done"


def broken(*_given):
    raise ZeroDivisionError


def test_chunks_that_could_not_all_be_left_are_left_when_somebody_asks_again(world, ben, monkeypatch):
    drafted(world)
    left = []

    def leave(work):
        if len(left) == 3:
            raise OSError("no queue")
        left.append(work)

    monkeypatch.setattr(world, "leave_work", leave)
    assert asked(world, "POST", f"{HERE}/week", cookie=ben, form={"id": "quieterone"}).status_code == 500
    left.clear()
    monkeypatch.undo()
    monkeypatch.setattr(door, "now", lambda: world.now)
    ask(world, ben)

    assert len(world.work) == DAYS


def test_a_job_that_lost_a_chunk_says_so_and_does_only_that_one_again(world, ben):
    drafted(world)
    query = ask(world, ben)
    lost, *world.work = world.work
    world.do_work()
    world.now += LATE_AFTER
    ben = world.signed_in("approver", cookie="ben later", subject="ben", name="Ben Okafor")
    page = get(world, ben, **query).body
    ask(world, ben)

    assert "It took too long." in page
    assert world.work == [lost]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ("unsound", "The check finds errors"),
        ("not_indexed", "Not all calls are in the index"),
        ("gone", "is not there any more"),
    ],
)
def test_what_no_retry_would_do_either_is_said_at_once(world, ben, spoil, says):
    draft = drafted(world, text="name = " if spoil == "unsound" else "")
    query = ask(world, ben)
    if spoil == "not_indexed":
        world.searchable.since = lambda _: None
    if spoil == "gone":
        del world.drafts._port._texts["springfield", draft.text]

    assert world.do_work() == [spoil] * DAYS
    assert says in get(world, ben, **query).body


def test_a_result_says_when_the_draft_has_changed_since(world, ben):
    lived(world, days=1)
    draft = drafted(world)
    query = ask(world, ben)
    world.do_work()
    text = world.drafts.keep_text("springfield", as_toml(replace(OURS, short_name="PD New")), world.now)
    world.drafts.write("springfield", replace(draft, text=text))

    stale = "has changed since this was asked"
    assert stale in get(world, ben, **query).body
    assert stale in get(world, ben, "/week-result", **query).body
    assert stale not in get(world, ben, id="quieterone").body
    assert ask(world, ben)["job"] != query["job"]


def test_of_many_calls_a_sample_is_played_and_its_size_said(world, ben, monkeypatch):
    monkeypatch.setattr("chalicelib.insight.settings.calls.sample", lambda keys: draft_week.sample(keys, 4))
    lived(world, days=2)
    drafted(world)
    query = ask(world, ben)
    world.do_work()
    result = get(world, ben, "/week-result", **query).body

    assert "8 of 12 calls were played" in result


def test_a_draft_that_has_ended_can_t_be_tried_and_a_job_is_forgotten_after_a_day(world, ben):
    draft = drafted(world)
    query = ask(world, ben)
    world.do_work()
    world.drafts.write("springfield", replace(draft, state="discarded"))
    refused = asked(world, "POST", f"{HERE}/week", cookie=ben, form={"id": draft.id})
    still = get(world, ben, **query).body
    world.now += timedelta(days=1)
    later = world.signed_in("approver", "supervisor", cookie="ben2", subject="ben")

    assert refused.status_code == 409
    assert "Open the result" in still
    assert "Open the result" not in get(world, later, **query).body
    assert world.jobs.results("springfield", query["job"]) == {}


@pytest.mark.parametrize("page", ["week", "week-result"])
def test_a_job_of_another_kind_is_as_if_it_were_not_there(world, ben, page):
    """Whoever asked for a shadow report or for results may open its name under a draft."""
    drafted(world)
    asked(world, "POST", "/desk/springfield/shadow", cookie=ben, form={"days": "7"})
    (name,) = {read_work(body).job for body in world.work}
    answer = asked(world, "GET", f"{HERE}/{page}", cookie=ben, query={"id": "quieterone", "job": name})

    assert (answer.status_code, problems(answer.body)) == (200, [])
    assert "Play last week" in answer.body


def test_nobody_asks_for_more_jobs_at_once_than_a_few(world, ben):
    for name in ("firstone", "secondone", "thirdone", "fourthone"):
        drafted(world, name=name)
    for name in ("firstone", "secondone", "thirdone", "thirdone"):
        assert asked(world, "POST", f"{HERE}/week", cookie=ben, form={"id": name}).status_code == 303
    refused = asked(world, "POST", f"{HERE}/week", cookie=ben, form={"id": "fourthone"})
    other = world.signed_in("approver", cookie="cleo", subject="cleo", name="Cleo")
    left = len(world.work)

    assert (refused.status_code, problems(refused.body)) == (429, [])
    assert "3 of your jobs have not ended yet" in refused.body
    assert left == 3 * DAYS
    assert asked(world, "POST", f"{HERE}/week", cookie=other, form={"id": "fourthone"}).status_code == 303
    world.do_work()
    assert asked(world, "POST", f"{HERE}/week", cookie=ben, form={"id": "fourthone"}).status_code == 303


def test_an_agency_asks_for_some_tens_of_jobs_a_day_and_can_ask_again_the_day_after(world, ben, monkeypatch):
    monkeypatch.setattr("chalicelib.domain.desk.jobs.A_DAY", 2)
    for name in ("firstone", "secondone", "thirdone"):
        drafted(world, name=name)
    answers = [
        asked(world, "POST", f"{HERE}/week", cookie=ben, form={"id": f"{name}one"}) for name in ("first", "second")
    ]
    refused = asked(world, "POST", f"{HERE}/week", cookie=ben, form={"id": "thirdone"})
    world.now += timedelta(days=1, seconds=1)
    ben = world.signed_in("approver", cookie="ben later", subject="ben", name="Ben Okafor")

    assert [one.status_code for one in (*answers, refused)] == [303, 303, 429]
    assert "within a day" in refused.body
    assert asked(world, "POST", f"{HERE}/week", cookie=ben, form={"id": "thirdone"}).status_code == 303


def test_in_spanish_the_result_is_in_spanish(world, ben):
    lived(world)
    drafted(world)
    query = ask(world, ben)
    world.do_work()
    body = get(world, ben, "/week-result", **query, lang="es").body

    assert "Se probaron todas las 42 llamadas." in body
    assert "no enviado:" in body
    assert english(body) == []


def test_the_review_asks_for_it(world, ben):
    drafted(world)
    body = get(world, ben, "/review", id="quieterone").body

    assert f'action="{HERE}/week"' in body
