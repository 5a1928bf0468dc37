"""Now, as the supervisor at 2 am reads it."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from pynamodb.exceptions import GetError

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.settings.budget import Budget, Spent
from chalicelib.insight.desk.board import Board, read_board
from chalicelib.insight.desk.lately import HOURS, MOST, read_lately
from tests.web.desk.world import SPRINGFIELD, asked, key, story


def waits(world, cause, minutes=10, left=None, **more):
    until = world.now + timedelta(minutes=left) if left else None
    of = {"detail": "release"} if cause is Cause.APPROVAL else {}
    more = {"first_ends": until, **of, **more}
    return Waiting(
        agency_id="springfield", cause=cause, since=world.now - timedelta(minutes=minutes), until=until, **more
    )


def note(world, *waiting):
    world.attention.note("springfield", Attention(waiting))


def now_page(world, *roles, **more):
    return asked(world, "GET", "/desk/springfield", cookie=world.signed_in(*(roles or ("supervisor",))), **more).body


def test_with_nothing_to_do_it_says_so_and_when_dispatch_was_last_heard(world):
    world.city.ports.tell_time(world.now - timedelta(seconds=12))
    page = now_page(world)

    assert "Nothing waits for anybody." in page
    assert "Last update from dispatch" in page
    assert ">12 s ago</time>" in page
    assert "<b>LIVE</b>: texts go out." in page
    assert "Settings 0, since Fri 20 Nov 2026, 09:02, by D. Okafor." in page


def test_the_gravest_comes_first_with_how_long_and_the_minutes_left(world):
    note(
        world,
        waits(world, Cause.UNJUDGED, about="incident_type X"),
        waits(
            world,
            Cause.HELD,
            12,
            18,
            about="P26-4",
            incident_number="P26-4",
            called="P26-4",
            count=14,
            detail="mass_call",
        ),
        waits(world, Cause.FEED, about="silent"),
        waits(world, Cause.DANGER, 3, about="a1", incident_number="P26-3", called="P26-3"),
        waits(world, Cause.PROVIDER, about="twilio"),
        waits(world, Cause.FOLLOW_UP, -30, about="not late yet"),
    )
    page = now_page(world)

    words = ["DANGER: ", "HELD: 14 texts", "FEED: dispatch is silent", "PROVIDER: Twilio", "NOT JUDGED: "]
    places = [page.index(f"<b>{word}") for word in words]
    assert places == sorted(places)
    assert "3 min ago" in page
    assert "18 min left" in page
    assert "HELD: 14 texts wait until you decide: many people called at once" in page
    assert "not late yet" not in page
    assert page.count('class="grave"') == 2


def test_a_link_to_a_call_is_there_for_whoever_may_open_it(world):
    note(world, waits(world, Cause.DANGER, about="a1", incident_number="P26-3", called="P26-3"))
    story(world, "P26-3")

    assert "number=%3DP26-3" in now_page(world, "supervisor")
    assert "number=%3DP26-3" not in now_page(world, "watch")
    assert (
        asked(
            world, "GET", "/desk/springfield/incident", cookie=world.signed_in("supervisor"), query={"number": "=P26-3"}
        ).status_code
        == 200
    )


def test_who_has_taken_something_is_said_for_ten_minutes(world):
    taken = waits(world, Cause.DANGER, about="a1", taken_by="R. Lead (desk:id.example:7)", taken_at=world.now)
    note(world, taken)
    before = now_page(world)
    world.now += timedelta(minutes=10)

    assert "R. Lead has it" in before
    assert "R. Lead" not in now_page(world)


@pytest.mark.parametrize(("roles", "shown"), [(["watch", "quality"], 1), (["standards"], 2)])
def test_that_something_waits_for_standards_is_for_standards(world, roles, shown):
    note(world, *(waits(world, Cause.FOLLOW_UP, about=desk, detail=desk) for desk in ("standards", "supervisors")))
    page = now_page(world, *roles)

    assert page.count("<b>FOLLOW-UP") == shown
    assert ("professional standards" in page) == (shown > 1)


def test_what_a_later_release_adds_is_shown_as_it_is(world):
    note(
        world, waits(world, Cause.FEED, about="new trouble"), waits(world, Cause.HELD, about="P26-1", detail="new rule")
    )
    page = now_page(world)

    assert "a trouble that this release can&#39;t name" in page
    assert "a rule of another release holds it" in page


def test_shadow_and_a_pause_are_said_first_with_since_when_and_by_whom(world):
    world.settings._port._agencies["springfield"] = replace(SPRINGFIELD, mode="shadow")
    shadow = now_page(world)
    pause = Pause(
        of="agency", author="R. Lead (desk:id.example:7)", reason="storm", at=world.now - timedelta(minutes=20)
    )
    world.settings._port.pauses = (pause,)
    paused = now_page(world)

    assert "<b>SHADOW</b>: nothing goes out" in shadow
    assert '<b>PAUSED</b> since 10:40 by R. Lead: “<span lang="en">storm</span>”. Nothing goes out.' in " ".join(
        paused.split()
    )
    assert "Stop all texts" not in paused
    assert "Resume: see what would go" in paused


def test_a_part_that_is_paused_is_said_and_the_brake_stays(world):
    world.settings._port.pauses = (Pause(of="beat", which="7", author="R. Lead", reason="", at=world.now),)
    page = now_page(world)

    assert "Paused: beat 7. Since 11:00, by R. Lead." in " ".join(page.split())
    assert "Stop all texts" in page


@pytest.mark.parametrize(("role", "brake"), [("supervisor", True), ("watch", False), ("admin", False)])
def test_only_who_may_pause_has_the_brake(world, role, brake):
    assert ("Stop all texts" in now_page(world, role)) == brake


def test_the_last_hours_are_counted_by_kind_and_state(world):
    story(world, "P26-1", minutes=90)
    story(world, "P26-2", minutes=60)
    story(world, "P26-3", "DV", minutes=30)
    story(world, "OLD", minutes=60 * HOURS + 1)

    lately = read_lately(world, "springfield", world.now)
    page = " ".join(now_page(world).split())

    assert lately.calls == 3
    assert dict(lately.kinds)["acknowledgment"]["delivered"] == 2
    assert "Calls that came in: 3." in page
    assert 'acknowledgments</th><td class="n">2</td>' in page


def test_failures_are_told_by_reason_in_words(world):
    story(world)
    row = next(iter(world.incidents.load(key("P26-1")).rows.values()))
    world.incidents.put(replace(row, state=State.FAILED, reason="carrier_blocked"))
    page = " ".join(now_page(world).split())

    assert '<th scope="row">the carrier blocked it</th><td class="n">1</td>' in page


def test_a_storm_costs_no_more_and_is_said_to_be_counted_in_part(world, monkeypatch):
    monkeypatch.setattr("chalicelib.insight.desk.lately.MOST", 2)
    for number in range(3):
        story(world, f"P26-{number}")

    assert "Only the latest 2 are counted." in now_page(world)
    assert MOST == 1000


def test_the_months_texts_are_told_with_their_limit(world):
    world.settings._port._agencies["springfield"] = replace(SPRINGFIELD, budget=Budget(dollars_per_month=500))
    world.settings._port._spent["springfield"] = Spent(at=world.now, month=12_345)
    page = now_page(world)
    world.now += timedelta(days=15)

    assert "12,345 segments, about $148.14, of at most $500." in page
    assert "0 segments, about $0.00" in now_page(world)


class Down:
    def __getattr__(self, name):
        def fails(*args, **kwargs):
            raise GetError("no answer")

        return fails


def test_where_something_can_t_be_read_it_says_so_and_shows_no_empty_list(world):
    world.attention = world.recent = Down()
    page = now_page(world)

    assert "The list of what waits can&#39;t be read now" in page
    assert "Nothing waits for anybody" not in page
    assert "The figures of the last hours can&#39;t be read now" in page
    assert "Stop all texts" in page


def waiting(world, cookie, tag=None):
    headers = {"if-none-match": tag} if tag else {}
    return asked(world, "GET", "/desk/springfield/waiting", cookie=cookie, headers=headers)


def test_a_poll_brings_nothing_while_nothing_changes_however_time_passes(world):
    note(world, waits(world, Cause.HELD, 12, 18, about="P26-4", count=14))
    cookie = world.signed_in("supervisor")
    first = waiting(world, cookie)
    world.now += timedelta(minutes=5)
    same = waiting(world, cookie, first.headers["ETag"])
    note(world, waits(world, Cause.DANGER, 1, about="a1"))
    other = waiting(world, cookie, first.headers["ETag"])

    assert (same.status_code, same.body) == (304, "")
    assert other.status_code == 200
    assert "DANGER" in other.body
    assert other.headers["ETag"] != first.headers["ETag"]


def test_what_ends_by_itself_is_news(world):
    note(world, waits(world, Cause.HELD, 12, 18, about="P26-4", count=14))
    cookie = world.signed_in("supervisor")
    first = waiting(world, cookie)
    world.now += timedelta(minutes=18)

    assert "Nothing waits" in waiting(world, cookie, first.headers["ETag"]).body


def test_another_person_s_answer_is_never_taken_for_one_s_own(world):
    one, other = (waiting(world, world.signed_in(role)).headers["ETag"] for role in ("supervisor", "watch"))

    assert one != other


def test_a_board_has_a_version_that_names_all_that_is_shown():
    plain = Board(mode="live", pause=None, pauses=(), waits=(), heard_at=None)

    assert plain.version == replace(plain).version
    assert len({plain.version, replace(plain, mode="shadow").version, replace(plain, waits=None).version}) == 3


def test_the_board_is_read_by_two_calls_whatever_waits(world):
    note(world, *(waits(world, Cause.HELD, about=f"P26-{number}") for number in range(200)))
    world.calls.clear()

    assert len(read_board(world, SPRINGFIELD, world.now).waits) == 200
    assert dict(world.calls) == {"settings.conditions": 1, "attention.of": 1}


@pytest.mark.parametrize("cause", [Cause.DANGER, Cause.REPLY])
def test_what_people_wrote_is_one_press_away_for_whoever_may_read_it(world, cause):
    note(world, waits(world, cause, about="a"))
    link = '<a class="go" href="/desk/springfield/conversations">Read what they wrote</a>'

    assert link in now_page(world)
    assert link not in now_page(world, "records")


def test_a_failure_is_told_in_the_language_of_the_page(world):
    story(world)
    row = next(iter(world.incidents.load(key("P26-1")).rows.values()))
    world.incidents.put(replace(row, state=State.CANCELLED, reason="cancelled_by_person"))

    assert "a person of the agency cancelled it" in now_page(world)
    assert "una persona de la agencia lo canceló" in now_page(world, query={"lang": "es"})


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("path", ["", "/waits", "/watchers"])
def test_each_cause_is_shown_beside_another_on_every_page_that_names_causes(world, cause, path):
    other = Cause.HELD if cause is not Cause.HELD else Cause.DANGER
    note(world, waits(world, cause, about="silent" if cause is Cause.FEED else "x"), waits(world, other, about="y"))
    cookie = world.signed_in("supervisor")
    query = {"cause": cause.value} if path == "/waits" else {}

    assert asked(world, "GET", f"/desk/springfield{path}", cookie=cookie, query=query).status_code == 200
