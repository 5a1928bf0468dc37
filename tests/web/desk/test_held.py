"""Held: the calls that wait for a decision, and the release, which covers what was read and nothing more."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.ledger import NoLedger
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import IncidentKey
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.insight.desk.held import MOST, read_held
from tests.factories import caller, update
from tests.web.desk.test_now import Down
from tests.web.desk.world import asked, key, story

HELD, RELEASE = "/desk/springfield/held", "/desk/springfield/release"


def crowd(count=6, first=100):
    return {str(number): caller(f"+1303555{first + number:04}") for number in range(count)}


@pytest.fixture
def cookie(world):
    return world.signed_in("supervisor")


def shown(world, cookie, **query):
    return asked(world, "GET", HELD, cookie=cookie, query=query).body


def fields(page, number="P26-1"):
    """Return the hidden fields of a call's form on a page."""
    form = next(one for one in page.split("<form") if f'name="number" value="{number}"' in one)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def press(world, cookie, page, number="P26-1", **more):
    return asked(world, "POST", RELEASE, cookie=cookie, form={**fields(page, number), "why": "decided", **more})


def releases(world, number="P26-1"):
    return world.incidents.load(key(number)).incident.releases


def test_a_mass_call_is_shown_with_what_holds_it_and_the_time_left(world, cookie):
    story(world, minutes=1, parties=crowd())
    page = shown(world, cookie)

    assert "HELD: 6 people called about it" in page
    assert "Call P26-1" in page
    assert "NOISE" in page
    assert re.search(r"\d+ min left", page)
    assert "5550" not in page.replace("&nbsp;", "")


def test_one_person_releases_a_mass_call_and_the_ledger_has_it_first(world, cookie):
    story(world, minutes=1, parties=crowd())
    answer = press(world, cookie, shown(world, cookie))

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HELD}?done=released")
    (release,) = releases(world)
    assert release.author == "Dana Ruiz (desk:id.springfield.example:subject-supervisor)"
    (noted,) = world.ledger.entries
    assert (noted.what, noted.about, noted.reason) == ("released", "incident P26-1", "decided")
    assert "Released. The texts go now" in shown(world, cookie, done="released")
    assert "Nothing is held." in shown(world, cookie)


def test_a_release_covers_what_was_read_and_says_what_came_since(world, cookie):
    story(world, minutes=1, parties=crowd())
    page = shown(world, cookie)
    world.now += timedelta(minutes=2)
    more = update(world.now, "u2", parties={"9": caller("+13035550199")}, type_modifier="LOUD MUSIC")
    world.archive.heard[key("P26-1")].append(
        replace(world.archive.heard[key("P26-1")][0], at=world.now, updates=(more,))
    )
    receive_updates([more], "w2", world.city.agency, world.city.ports, world.now)
    answer = press(world, cookie, page)

    assert answer.status_code == 409
    assert "something was told of this call since" in answer.body
    assert "LOUD MUSIC" in answer.body
    assert releases(world) == ()
    assert press(world, cookie, answer.body).status_code == 303


def test_of_two_who_release_at_once_one_wins_and_the_other_is_told(world, cookie):
    story(world, minutes=1, parties=crowd())
    page, other = shown(world, cookie), world.signed_in("supervisor", cookie="other", subject="lee", name="Lee Park")
    first, second = press(world, cookie, page), press(world, other, page)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Somebody has released it" in second.body
    assert len(releases(world)) == 1


def test_what_can_t_be_noted_is_not_released_and_the_form_keeps_its_reason(world, cookie):
    story(world, minutes=1, parties=crowd())
    page = shown(world, cookie)
    world.ledger.down = True
    answer = press(world, cookie, page, why="other", ticket="26-104")

    assert answer.status_code == 503
    assert "could not be noted" in answer.body
    assert 'value="26-104"' in answer.body
    assert 'value="other" selected' in answer.body
    assert releases(world) == ()


@pytest.mark.parametrize("form", [{"why": ""}, {"why": "x"}, {"why": "court"}, {"ticket": "303-555-0123"}, {"of": ""}])
def test_a_form_without_a_reason_or_a_state_does_nothing_and_says_what_is_missing(world, cookie, form):
    story(world, minutes=1, parties=crowd())
    answer = press(world, cookie, shown(world, cookie), **form)

    assert answer.status_code == 422
    assert 'class="problem"' in answer.body
    assert "303-555-0123" not in answer.body
    assert releases(world) == ()


@pytest.mark.parametrize("latch", Latch)
def test_a_latch_is_proposed_and_not_released(world, cookie, latch):
    story(world, minutes=1, latches=frozenset({latch}))
    page = shown(world, cookie)
    answer = press(world, cookie, page)

    assert "Propose to release" in page
    assert answer.headers["Location"] == f"{HELD}?done=proposed"
    assert releases(world) == ()
    (entry,) = world.ledger.book.entries
    assert (entry.step, entry.act.words["what"], entry.name) == ("proposed", latch.value, "Dana Ruiz")


def test_whoever_comes_next_reads_that_a_release_was_proposed_and_where_to_decide(world, cookie):
    story(world, minutes=1, latches=frozenset({Latch.JUVENILE}))
    before = shown(world, cookie)
    press(world, cookie, before)
    after = shown(world, cookie)

    assert "proposed to release it" not in before
    assert "Dana Ruiz proposed to release it at" in after
    assert "Approve it, or decline" in after


class NoBook:
    """The ledger of a stack of an earlier release."""

    def since(self, agency_id, at):
        raise NoLedger


@pytest.mark.parametrize("ledger", [NoBook(), Down()])
def test_what_is_held_is_shown_where_nobody_can_say_what_was_proposed(world, cookie, ledger):
    story(world, minutes=1, latches=frozenset({Latch.JUVENILE}))
    world.ledger = ledger
    page = shown(world, cookie)

    assert "Propose to release" in page
    assert "proposed to release it" not in page


def test_the_least_time_left_is_first_and_the_next_page_goes_on_by_key(world, cookie):
    for number in range(MOST + 3):
        story(world, f"P26-{number}", minutes=1 + number / 10, parties=crowd(first=200 + 10 * number))
    page = read_held(world, world.settings.agency("springfield"), world.now)
    ends = [one.waiting.first_ends for one in page.calls]
    rest = read_held(world, world.settings.agency("springfield"), world.now, page.after)

    assert len(page.calls) == MOST
    assert ends == sorted(ends)
    assert len(rest.calls) == 3
    assert not rest.after
    assert "More that is held" in shown(world, cookie)
    assert "Nothing more is held" in shown(world, cookie, after="9999")


def test_what_can_t_be_read_is_said(world, cookie):
    world.attention = Down()

    assert "can&#39;t be read now" in shown(world, cookie)


@pytest.mark.parametrize("role", ["watch", "records", "quality"])
def test_whoever_may_not_release_sees_and_releases_nothing(world, cookie, role):
    story(world, minutes=1, parties=crowd())
    other = world.signed_in(role)

    assert "P26-1" not in shown(world, other)
    assert press(world, other, shown(world, cookie)).status_code == 403
    assert releases(world) == ()


def test_a_call_of_another_agency_is_released_by_nobody_here(world, cookie):
    story(world, minutes=1, parties=crowd())
    form = {**fields(shown(world, cookie)), "why": "decided"}
    other = world.signed_in("supervisor", where="other")
    answer = asked(world, "POST", "/desk/shelbyville/release", cookie=other, form=form)

    assert answer.status_code == 409
    assert releases(world) == ()
    assert not world.incidents.load(IncidentKey("shelbyville", "P26-1")).version
