"""What Now says to each role leads somewhere that they may go, or names whom to ask or the command that does it."""

import re
from html import unescape
from urllib.parse import parse_qsl

import pytest

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.owed import withdrawn
from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role
from chalicelib.domain.desk.taking import seen_to_by
from chalicelib.domain.desk.to_decide import DECIDES
from chalicelib.domain.incidents.feed_health import FeedTrouble
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.words import desk as words
from tests.factories import OTHER_PHONE, caller
from tests.web.desk.test_horrors import follow_up
from tests.web.desk.world import asked, story

NOW_PAGE = "/desk/springfield"
LINK = re.compile(r'<a class="go" href="([^"?]+)[?]?([^"]*)"')
KINDS = {
    "danger of a call": (Cause.DANGER, {"about": "a1", "incident_number": "P26-1", "detail": "alerts"}),
    "danger of no call": (Cause.DANGER, {"about": "a2", "detail": "alerts"}),
    **{f"held: {why}": (Cause.HELD, {"about": "P26-1", "incident_number": "P26-1", "detail": why, "count": 2})
       for why in ("mass_call", "juvenile", "do_not_contact", "a new rule")},
    **{f"feed: {trouble}": (Cause.FEED, {"about": trouble}) for trouble in (*FeedTrouble, "a new trouble")},
    "provider": (Cause.PROVIDER, {"about": "sns"}),
    "reply": (Cause.REPLY, {"count": 2}),
    "overdue": (Cause.OVERDUE, {"count": 3}),
    **{f"follow-up: {desk}": (Cause.FOLLOW_UP, {"about": f"{desk}#1", "detail": desk})
       for desk in Desk if desk is not Desk.UNIT},
    "unjudged": (Cause.UNJUDGED, {"count": 12}),
    **{f"approval: {act}": (Cause.APPROVAL, {"about": act, "detail": act}) for act in (*DECIDES, "a new act")},
}  # fmt: skip
READERS = [role for role in Role if Permission.BOARD_SEE in BUNDLES[role]]
ASK = re.compile("“tenfour [a-z-]+|engineer who looks after tenfour|person who looks after tenfour")


def rows(world, cookie, one):
    """Return the entry of what waits, as the page has it: none where it is hidden."""
    found = asked(world, "GET", NOW_PAGE, cookie=cookie).body.split("<li data-key=")[1:]
    return [row.split("</li>")[0] for row in found if row.startswith(f'"{one.name[0]} {one.name[1]}"')]


def keep(world, *desks, name="1"):
    """Keep a follow-up of each desk, so that its page is there; what waits is noted by each test itself."""
    for desk in desks:
        world.follow_ups.keep(follow_up("hello", name, desk), None)
        world.attention.note("springfield", withdrawn(Desk(desk), name))


def note(world, *kinds):
    found = (KINDS[kind] for kind in kinds)
    waits = [Waiting(agency_id="springfield", cause=cause, since=world.now, **more) for cause, more in found]
    world.attention.note("springfield", Attention(tuple(waits)))
    return waits


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("kind", KINDS)
def test_each_role_has_a_next_step_for_each_thing_that_waits(world, kind, role):
    story(world, "P26-1", parties={"1": caller(OTHER_PHONE)})
    _, named = KINDS[kind]
    if named.get("detail") in tuple(Desk):
        keep(world, named["detail"], name=named["about"].rpartition("#")[2])
    (one,) = note(world, kind)
    cookie = world.signed_in(role)
    found = rows(world, cookie, one)
    of_others = one.detail == Desk.STANDARDS or one.cause is Cause.APPROVAL
    if of_others and role not in seen_to_by(one):
        assert not found
        return
    (row,) = found
    links = LINK.findall(row)
    names = [words.find("en", f"role.{each}") for each in seen_to_by(one)]

    for path, query in links:
        assert asked(world, "GET", path, cookie=cookie, query=dict(parse_qsl(unescape(query)))).status_code == 200
    assert links or ASK.search(row) or any(f"For: {name}" in row for name in names), row
    assert (role in seen_to_by(one)) == ("I’ve got it" in row)


@pytest.mark.parametrize("desk", ["supervisors", "standards", "alerts"])
def test_whoever_must_call_somebody_back_is_led_to_the_page_of_it(world, desk):
    keep(world, desk)
    (one,) = note(world, f"follow-up: {desk}")
    role = {"supervisors": Role.QUALITY, "standards": Role.STANDARDS, "alerts": Role.SUPERVISOR}[desk]
    (row,) = rows(world, world.signed_in(role), one)

    assert [query for _, query in LINK.findall(row)] == ["of=1"]


def test_of_several_that_take_the_same_step_it_is_said_once(world):
    note(world, "feed: late", "feed: rejected")
    page = asked(world, "GET", NOW_PAGE, cookie=world.signed_in(Role.SUPERVISOR)).body

    assert page.count("Call the people who run the dispatch system.") == 1
