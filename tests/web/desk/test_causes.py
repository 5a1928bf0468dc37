"""Each cause for which something waits for a person has its words, its page and its watchers, in both languages."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.settings.watchers import NEVER_PAGES, Watchers
from chalicelib.flow.desk.page_watchers import page_watchers
from tests.web.desk.world import SPRINGFIELD, DeskWorld, asked

FIRST = "+13035550140"
OF = {Cause.APPROVAL: "release"}
PAGES = ("", "/waiting", "/waits", "/watchers", "/wall", "/wall-board")


@pytest.fixture
def world(monkeypatch):
    """Return a desk that somebody watches for every cause."""
    paged = {cause: Watchers(first=FIRST, second="+13035550141") for cause in Cause if cause not in NEVER_PAGES}
    made = DeskWorld(replace(SPRINGFIELD, watchers=paged))
    monkeypatch.setattr("chalicelib.web.desk.door.now", lambda: made.now)
    return made


def wait_for(world, *causes, many=1):
    more = {"agency_id": "springfield", "since": world.now}
    waits = [
        Waiting(cause=cause, about=f"{cause} {number}", detail=OF.get(cause, ""), **more)
        for cause in causes
        for number in range(many)
    ]
    world.attention.note("springfield", Attention(tuple(waits)))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("many", [1, 9])
def test_each_cause_is_on_every_page_that_shows_what_waits(world, cause, language, many):
    wait_for(world, cause, many=many)
    other = next(one for one in Cause if one != cause)
    for causes in ((), (other,)):
        wait_for(world, *causes)
        for page in PAGES:
            at = {"wall": True, "wall_at": "springfield"} if "wall" in page else {}
            cookie = world.signed_in(*Role, **at)
            answer = asked(world, "GET", f"/desk/springfield{page}", cookie=cookie, query={"lang": language})
            assert answer.status_code == 200, (page, answer.body)


def test_a_release_that_waits_says_what_would_be_released_without_its_call(world):
    wait_for(world, Cause.APPROVAL)
    body = asked(world, "GET", "/desk/springfield", cookie=world.signed_in("supervisor")).body

    assert "APPROVAL: Release texts that are held" in body


@pytest.mark.parametrize("cause", Cause)
def test_what_waits_for_each_cause_can_be_taken_by_somebody(world, cause):
    wait_for(world, cause)
    answer = asked(
        world,
        "POST",
        "/desk/springfield/take",
        cookie=world.signed_in(*Role),
        form={"cause": cause, "about": f"{cause} 0"},
    )

    assert answer.status_code == 303


def test_the_page_of_watchers_names_each_cause_that_nobody_watches(world):
    ours = replace(SPRINGFIELD, watchers={Cause.DANGER: Watchers(first=FIRST, second="+13035550141")})
    world.settings._port._agencies["springfield"] = ours
    page = asked(world, "GET", "/desk/springfield/watchers", cookie=world.signed_in("supervisor"))

    assert page.status_code == 200
    assert "Replies that nobody reads" in page.body


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("cause", [cause for cause in Cause if cause not in NEVER_PAGES])
def test_each_cause_that_pages_somebody_has_the_words_of_a_page(world, cause, language):
    ours = replace(world.settings.agency("springfield"), language=language)
    world.settings._port._agencies["springfield"] = ours
    wait_for(world, cause)
    page_watchers(world.city.ports, world.now + timedelta(seconds=1))

    assert [one.address for one in world.city.ports.sms.outgoing] == [FIRST]
