"""The screen on the wall: it shows how the agency stands, no person, and can do nothing."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.pending import SIGNED_OUT, hashed
from chalicelib.domain.desk.permissions import Permission, Role, permitted
from chalicelib.domain.duration import Duration
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.settings.desk import WALL
from chalicelib.flow.desk.browser import left_behind
from chalicelib.ports.errors import NotNoted
from chalicelib.web.desk import cookies
from chalicelib.web.desk.routes import ROUTES
from chalicelib.web.desk.wall_page import HOURS_EVERY, NUMBERS
from tests.web.desk.test_door import named, path_of, replace_desk
from tests.web.desk.world import asked, story

AT = "/desk/springfield/wall"
ITS_OWN = {f"GET /desk/{{agency_id}}/{page}" for page in ("wall", "wall-board", "wall-hours")} | {"POST /desk/sign-out"}


def hung(world, *roles, **changes):
    return world.signed_in(*(roles or Role), cookie="on the wall", wall=True, wall_at="springfield", **changes)


def hang(world, cookie, **more):
    return asked(world, "POST", AT, cookie=cookie, **more)


def given_cookie(answer):
    line = next(one for one in answer.headers["Set-Cookie"] if one.startswith(f"{cookies.SESSION}="))
    return line.partition("=")[2].partition(";")[0], line


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_a_wall_screen_gets_its_page_and_may_end_and_gets_nothing_else(world, route):
    cookie = hung(world)
    answer = asked(world, route.method, path_of(route), cookie=cookie, form={"what": "agency"})

    if route.permission is Permission.ANYBODY:  # what needs no session says to everybody the same
        assert answer.status_code == asked(world, route.method, path_of(route)).status_code
    elif named(route) in ITS_OWN:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 403
        assert "This is a wall screen" in answer.body
    assert not world.settings.pauses
    assert [what for what, _ in world.ledger.said] == (["signed_out"] if named(route) == "POST /desk/sign-out" else [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    route=st.sampled_from(ROUTES), roles=st.sets(st.sampled_from(Role)), agency=st.sampled_from(["shelbyville", "x"])
)
def test_a_wall_screen_gets_nothing_of_another_agency_whatever_roles_hung_it(world, route, roles, agency):
    cookie = world.signed_in(*roles, cookie=f"wall {sorted(roles)}", wall=True, wall_at="springfield")
    answer = asked(world, route.method, path_of(route, agency), cookie=cookie)

    if "{agency_id}" in route.path:
        assert answer.status_code == 403
    elif route.permission is not Permission.ANYBODY:
        assert answer.status_code == (200 if route.on_wall else 403)


@pytest.mark.parametrize("role", Role)
def test_whoever_may_see_the_board_may_hang_it(world, role):
    answer = hang(world, world.signed_in(role))

    assert (answer.status_code == 200) == (Permission.BOARD_SEE in permitted([role]))


def test_hanging_ends_the_session_of_whoever_hangs_it_and_is_noted(world):
    before = world.signed_in("supervisor")
    cookie, line = given_cookie(hang(world, before))
    session = world.sessions.find(hashed(cookie))

    assert world.sessions.find(hashed(before)) is None
    assert (session.wall, session.wall_at, session.subject) == (True, "springfield", "subject-supervisor")
    assert f"Max-Age={int(WALL.total_seconds())}" in line
    assert "HttpOnly" in line
    assert world.ledger.said == [("hung", "")]
    assert asked(world, "GET", "/desk/springfield", cookie=before).status_code == 401
    assert asked(world, "GET", AT, cookie=cookie).status_code == 200


def test_what_can_t_be_noted_is_not_hung(world):
    world.ledger.down, before = True, world.signed_in("supervisor")
    answer = hang(world, before)

    assert answer.status_code == 503
    assert world.sessions.find(hashed(before)) is not None
    assert [one.wall for one in world.sessions.of("https://id.springfield.example", "subject-supervisor")] == [False]
    with pytest.raises(NotNoted):
        world.ledger.note(None)


def test_it_does_not_lock_and_ends_after_a_week_or_as_the_settings_say(world):
    cookie, _ = given_cookie(hang(world, world.signed_in("watch")))
    statuses = []
    for hours in (13, 6 * 24, 24):
        world.now += timedelta(hours=hours)
        statuses.append(asked(world, "GET", AT, cookie=cookie).status_code)
    ours = world.settings.agency("springfield")
    world.settings._port._agencies["springfield"] = replace_desk(ours, wall=Duration(hours=8))
    short, line = given_cookie(hang(world, world.signed_in("watch")))
    world.now += timedelta(hours=8)

    assert statuses == [200, 200, 401]
    assert f"Max-Age={8 * 3600};" in line + ";"
    assert asked(world, "GET", AT, cookie=short).status_code == 401


def test_its_poll_renews_nothing_and_is_no_act(world):
    cookie = hung(world)
    world.now += timedelta(hours=20)
    for path in (AT, f"{AT}-board", f"{AT}-hours"):
        assert asked(world, "GET", path, cookie=cookie).status_code == 200

    assert world.calls["sessions.acted"] <= 1


def test_a_role_that_the_settings_take_away_takes_the_wall_screen_too(world):
    cookie = hung(world, "watch")
    ours = world.settings.agency("springfield")
    world.settings._port._agencies["springfield"] = replace_desk(ours, roles={})

    assert asked(world, "GET", AT, cookie=cookie).status_code == 403


def test_whoever_signs_in_at_a_wall_screen_proves_who_they_are(world):
    """The provider may still know the one who hung it, and anybody may walk up to a screen in a room."""
    assert left_behind(world, hung(world), world.now)
    assert not left_behind(world, world.signed_in("watch"), world.now)


def test_whoever_hung_it_sees_it_among_their_sessions_and_ends_it_from_elsewhere(world):
    screen, _ = given_cookie(hang(world, world.signed_in("supervisor")))
    cookie = world.signed_in("supervisor", cookie="at home")
    page = asked(world, "GET", "/desk/sessions", cookie=cookie).body
    pseudonym = world.sessions.find(hashed(screen)).pseudonym
    answer = asked(world, "POST", "/desk/sessions", cookie=cookie, form={"session": pseudonym})

    assert "A wall screen at springfield" in page
    assert f'value="{pseudonym}"' in page
    assert answer.status_code == 303
    assert asked(world, "GET", AT, cookie=screen).status_code == 401
    assert world.ledger.said[-1] == ("signed_out", "")
    assert world.ledger.entries[-1].session == pseudonym
    assert asked(world, "GET", "/desk/sessions", cookie=cookie).status_code == 200


@pytest.mark.parametrize("other", ["", "0" * 12, "this one's"])
def test_nobody_ends_the_session_of_somebody_else_or_their_own_by_it(world, other):
    cookie = world.signed_in("supervisor")
    world.signed_in("watch", cookie="somebody else's")
    wanted = world.sessions.find(hashed(cookie)).pseudonym if other == "this one's" else other
    for one in (wanted, world.sessions.find(hashed("somebody else's")).pseudonym):
        answer = asked(world, "POST", "/desk/sessions", cookie=cookie, form={"session": one})
        assert answer.status_code == 409

    assert world.sessions.find(hashed("somebody else's")) is not None
    assert world.sessions.find(hashed(cookie)) is not None
    assert world.ledger.entries == []


def test_signing_out_on_the_wall_ends_the_screen_alone(world):
    cookie, elsewhere = hung(world, "supervisor"), world.signed_in("supervisor", cookie="elsewhere")
    answer = asked(world, "POST", "/desk/sign-out", cookie=cookie, form={"everywhere": "yes"})

    assert given_cookie(answer)[0] == SIGNED_OUT
    assert world.sessions.find(hashed(cookie)) is None
    assert world.sessions.find(hashed(elsewhere)) is not None


def storm(world):
    waits = [
        Waiting(
            agency_id="springfield",
            cause=cause,
            about=f"{cause}-{number}",
            since=world.now - timedelta(minutes=number),
            until=world.now + timedelta(minutes=30 + number),
            called=f"P26-{number}",
            incident_number=f"P26-{number}",
            count=2,
        )
        for cause, many in ((Cause.HELD, 40), (Cause.DANGER, 3), (Cause.FEED, 1))
        for number in range(1, many + 1)
    ]
    world.attention.note("springfield", Attention(tuple(waits)))


def test_it_shows_what_waits_by_cause_with_counts_ages_and_numbers(world):
    storm(world)
    story(world, "P26-1")
    page = " ".join(asked(world, "GET", AT, cookie=hung(world)).body.split())

    assert page.index("DANGER · 3") < page.index("HELD · 40") < page.index("FEED · 1")
    assert "P26-1, P26-2, P26-3, P26-4, P26-5, P26-6 and 34 more" in page
    assert NUMBERS == 6
    assert "31 min left" in page
    assert "Calls that came in" in page or "calls that came in" in page
    assert "<b>LIVE</b> texts go out." in page
    for never in ('<a class="go"', "Stop all texts", "Resume", "Dana Ruiz", "/incident"):
        assert never not in page


def test_it_says_who_paused_what_and_since_when(world):
    world.settings._port.pauses = (
        Pause(of="agency", author="R. Lead (desk:id.example:7)", reason="", at=world.now - timedelta(minutes=20)),
        Pause(of="beat", which="7", author="D. Okafor (desk:id.example:8)", reason="", at=world.now),
    )
    page = " ".join(asked(world, "GET", AT, cookie=hung(world)).body.split())

    assert "<b>PAUSED</b> since 10:40 by R. Lead" in page
    assert "Paused by itself, too: beat 7. Since 11:00, by D. Okafor." in page


def test_what_waits_for_standards_is_on_no_wall_whoever_hung_it(world):
    one = Waiting(
        agency_id="springfield", cause=Cause.FOLLOW_UP, about="standards#1", since=world.now, detail="standards"
    )
    world.attention.note("springfield", Attention((one,)))

    assert "FOLLOW-UP" not in asked(world, "GET", AT, cookie=hung(world, "standards")).body


@pytest.mark.parametrize("path", [f"{AT}-board", f"{AT}-hours"])
def test_its_poll_brings_nothing_while_nothing_changes(world, path):
    storm(world)
    cookie = hung(world)
    first = asked(world, "GET", path, cookie=cookie)
    world.now += timedelta(minutes=1)
    same = asked(world, "GET", path, cookie=cookie, headers={"if-none-match": first.headers["ETag"]})
    story(world, "P26-99", minutes=1)
    world.attention.note("springfield", Attention(ended=frozenset({(Cause.DANGER, "danger-1")})))
    other = asked(world, "GET", path, cookie=cookie, headers={"if-none-match": first.headers["ETag"]})

    assert (same.status_code, same.body) == (304, "")
    assert other.status_code == 200


def test_the_last_hours_are_asked_for_rarely_since_they_cost_more(world):
    assert f'data-every="{HOURS_EVERY}"' in asked(world, "GET", AT, cookie=hung(world)).body
    assert HOURS_EVERY >= 60


def test_a_session_of_a_wall_is_read_by_the_release_before(world):
    """It knows no agency of a wall: it shows the board as it did, and the release after refuses what names none."""
    unnamed = world.signed_in("watch", cookie="of before", wall=True)

    assert asked(world, "GET", AT, cookie=unnamed).status_code == 403
    assert replace(world.sessions.find(hashed(unnamed)), wall_at="springfield").wall


def test_an_admin_finds_the_screens_of_the_agency_and_ends_one(world):
    cookie, _ = given_cookie(hang(world, world.signed_in("supervisor")))
    world.now += timedelta(days=2)
    admin, at = world.signed_in("admin"), "/desk/springfield/sessions"
    listed = asked(world, "GET", at, cookie=admin)
    screen = world.sessions.find(hashed(cookie))
    ended = asked(world, "POST", at, cookie=admin, form={"session": screen.pseudonym, "act": "one"})

    assert "End this screen" in listed.body
    assert ended.status_code == 303
    assert world.sessions.find(hashed(cookie)) is None
    assert world.ledger.said[-1][0] == "session_ended"
