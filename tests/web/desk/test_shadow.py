"""The shadow report at the desk: the command's figures, counted day by day, and shown to each as far as they may."""

import re
from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.desk import Desk
from chalicelib.domain.settings.incident_types import Caps
from chalicelib.insight.desk.jobs import MOST_TRIES
from chalicelib.insight.going_live import all_listed
from chalicelib.insight.settings.samples import SEGMENT_PRICE
from chalicelib.insight.shadow import days
from chalicelib.insight.shadow.count import count
from chalicelib.insight.shadow.days import PERIODS, report_of_days
from chalicelib.insight.shadow.rehearse import floors
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.town.calls import generate
from chalicelib.web.desk import door
from tests.factories import demo_agency
from tests.web.desk.test_spanish import english
from tests.web.desk.valid import problems
from tests.web.desk.world import ROLES, DeskWorld, asked

HERE = "/desk/springfield/shadow"
OURS = replace(demo_agency(), mode="shadow", desk=Desk(roles=ROLES), caps=Caps(per_person_and_day=4, per_incident=3))
WEEK = PERIODS[0]
SIGNERS = [role for role in Role if Permission.SHADOW_SIGN in BUNDLES[role]]


@pytest.fixture
def world(monkeypatch):
    made = DeskWorld(OURS)
    monkeypatch.setattr(door, "now", lambda: made.now)
    return made


def lived(world, calls=120):
    """Let dispatch tell of a week's calls, in which the same people call on several days, and the city live on."""
    monday = world.now.astimezone(OURS.zone).replace(hour=0, minute=0) - timedelta(days=WEEK)
    told, rejected = told_by(generate(7, calls, monday, timedelta(days=WEEK), speed=1), OURS)
    assert not rejected
    for _ in world.city.play(told):
        pass
    world.city.run_until(world.now)


def by_command(world):
    return count(world.city.records(), OURS, floors)


def ask(world, cookie, of=WEEK):
    """Ask, and return what the page's address says."""
    answer = asked(world, "POST", HERE, cookie=cookie, form={"days": of})
    assert answer.status_code == 303
    return dict(re.findall(r"(days|job)=(\w+)", answer.headers["Location"]))


def get(world, cookie, below="", **query):
    answer = asked(world, "GET", HERE + below, cookie=cookie, query=query)
    assert answer.status_code == 200
    assert below == "/live" or problems(answer.body) == []
    return answer.body


def made(world, role="records"):
    """Return the cookie of somebody who asked for a week that is counted, and the query of its report."""
    cookie = world.signed_in(role)
    query = ask(world, cookie)
    assert world.do_work() == ["done"] * WEEK
    return cookie, query


def test_each_figure_is_the_command_s_to_the_digit(world):
    lived(world)
    _, query = made(world)
    wanted = by_command(world)
    report = report_of_days(world.jobs.results("springfield", query["job"]), OURS)

    assert wanted.total("messages") > 100
    assert wanted.people
    assert wanted.held_by_caps
    for name in wanted.__struct_fields__:
        if name not in ("samples", "night"):
            assert getattr(report, name) == getattr(wanted, name), name
    assert [(one.kind, one.messages) for one in report.night] == [(one.kind, one.messages) for one in wanted.night]
    assert {kind for kind, some in report.samples.items() if some} == {k for k, some in wanted.samples.items() if some}
    assert report.price == SEGMENT_PRICE


def test_people_of_several_days_are_found(world):
    """A sum of days can't say it: who would get many over the period is carried under a pseudonym."""
    lived(world)
    _, query = made(world)
    results = world.jobs.results("springfield", query["job"])
    every = report_of_days(results, OURS)
    alone = [report_of_days({chunk: text}, OURS) for chunk, text in results.items()]

    assert every.people_in_all < sum(one.people_in_all for one in alone)
    assert max(one.messages for one in every.people) > max(
        (person.messages for one in alone for person in one.people), default=0
    )


def test_no_phone_and_no_email_is_in_what_is_kept_or_shown(world):
    lived(world)
    cookie, query = made(world)
    people = {address for record in world.city.records() for row in record.rows.values() for address in row.addresses}
    kept = b"".join(
        msgspec.msgpack.encode(days.read(text, days.DayCounted))
        for text in world.jobs.results("springfield", query["job"]).values()
    ).decode("latin-1")
    shown = get(world, cookie, "/result", **query)

    assert len(people) > 40
    for one in people:
        assert one.removeprefix("+1") not in kept
        assert one.removeprefix("+1") not in shown
    assert "•••" in shown


@pytest.mark.parametrize("role", Role)
def test_figures_are_for_who_may_see_them_and_calls_and_words_for_who_signs(world, role):
    lived(world, 40)
    _, query = made(world)
    lines = len(world.ledger.entries)
    answer = asked(world, "GET", f"{HERE}/result", cookie=world.signed_in(role), query=query)
    numbers = {record.incident.incident_number for record in world.city.records()}

    assert answer.status_code == (200 if Permission.FIGURES_SEE in BUNDLES[role] else 403)
    assert any(f">{number}<" in answer.body for number in numbers) == (role in SIGNERS)
    assert ("/incident?number=" in answer.body) == (role in SIGNERS and Permission.INCIDENT_SEE in BUNDLES[role])
    assert [(one.what, one.about) for one in world.ledger.entries[lines:] if one.what != What.REFUSED] == (
        [(What.LOOKED, "shadow report: of 7 days")] if role in SIGNERS else []
    )


def test_the_page_says_how_far_it_is_and_is_the_same_for_whoever_asks(world):
    lived(world, 40)
    lead, watch = world.signed_in("records"), world.signed_in("watch")
    before = get(world, lead)
    query = ask(world, lead)
    first, *rest = world.work
    assert ask(world, watch) == query
    assert world.work == [first, *rest]
    world.work = [first]
    world.do_work()
    live = get(world, watch, "/live", job=query["job"])
    world.work = rest
    world.do_work()

    assert "Count the last 7 days" in before
    assert "1 of 7 days are done." in live
    assert "Open the report" in get(world, watch)
    assert "Open the report" not in get(world, watch, days="14")
    assert "data-live" not in get(world, watch)
    assert (What.LOOKED, "shadow report: asked for 7 days") in world.ledger.said


@pytest.mark.parametrize("of", PERIODS)
def test_a_period_is_of_whole_local_days(world, of):
    query = ask(world, world.signed_in("watch"), of)
    chunks = world.jobs.find("springfield", query["job"]).job.chunks

    assert len(chunks) == len(set(chunks)) == of
    assert chunks[-1] == "2026-11-20"


def test_a_type_s_sheet_leads_to_its_figures_and_back(world):
    lived(world)
    lead, query = made(world)
    report = by_command(world)
    listed = next(one for one in all_listed(OURS) if one.rule.codes == ("NOISE",))
    sheet = asked(world, "GET", "/desk/springfield/going-live/type", cookie=lead, query={"of": listed.id}).body
    of_type = get(world, lead, "/result", of=listed.id)
    every = get(world, lead, "/result", **query)
    noise = next(one for one in report.types if one.code == "NOISE")

    assert f'href="{HERE}/result?of={listed.id}"' in sheet
    assert f'href="/desk/springfield/going-live/type?of={listed.id}"' in of_type
    assert f'href="/desk/springfield/going-live/type?of={listed.id}"' in every
    rows = re.findall(r'<th scope="row"><a [^>]*><bdi>(\w+)</bdi></a></th>', of_type)
    assert rows == ["NOISE"]
    assert f'<td class="n">{noise.incidents}</td><td class="n">{noise.total}</td>' in of_type


def test_a_report_over_other_settings_says_so_and_may_be_asked_for_again(world):
    lived(world, 20)
    lead, query = made(world)
    world.settings._port._agencies["springfield"] = replace(OURS, version=OURS.version + 1)
    world.settings._port.kept = ()
    page = get(world, lead, **query)

    assert "The settings have changed" in page
    assert ask(world, lead)["job"] != query["job"]


@pytest.mark.parametrize("limit", ["LONGEST", "MOST_CALLS"])
def test_a_day_that_is_too_long_to_count_or_to_keep_says_so(world, monkeypatch, limit):
    monkeypatch.setattr(days, limit, 3)
    lived(world, 40)
    lead = world.signed_in("records")
    ask(world, lead)

    assert "too_many" in world.do_work(MOST_TRIES)
    assert "A day has more calls or messages than a page can count" in get(world, lead)


def test_of_calls_that_are_not_in_the_index_nothing_is_counted(world):
    world.searchable.since = lambda _: None
    lead = world.signed_in("records")
    ask(world, lead)

    assert world.do_work() == ["not_indexed"] * WEEK
    assert "Not all calls are in the index" in get(world, lead)


def test_in_spanish_the_report_is_in_spanish(world):
    lived(world)
    lead, query = made(world)
    body = get(world, lead, "/result", **query, lang="es")

    assert "Por qué no se envió" in body
    assert english(body) == []


def test_where_no_call_came_in_it_says_so(world):
    lead, query = made(world)

    assert "No call came in." in get(world, lead, "/result", **query)
