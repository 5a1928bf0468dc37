"""Whoever is signed in, and how an admin ends it."""

from datetime import timedelta

import pytest

from chalicelib.domain.desk.pending import hashed
from chalicelib.domain.ledger.what import What
from tests.web.desk.valid import problems
from tests.web.desk.world import asked

PATH = "/desk/springfield/sessions"
OURS = ("springfield",)
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def admin(world):
    return world.signed_in("admin", agencies=OURS)


@pytest.fixture
def ben(world):
    """Return the cookies of somebody who is signed in twice."""
    both = ("ben-here", "ben-there")
    for cookie in both:
        world.signed_in("records", cookie=cookie, agencies=OURS, name="Ben Lee", subject="ben")
    return both


def pseudonym(world, cookie):
    return world.sessions.find(hashed(cookie)).pseudonym


def end(world, admin, cookie_or_name, act="one"):
    return asked(world, "POST", PATH, cookie=admin, form={"session": cookie_or_name, "act": act})


def signed_in(world, cookie):
    return asked(world, "GET", "/desk/sessions", cookie=cookie).status_code == 200


def test_each_session_of_the_agency_is_listed_with_its_person_and_roles(world, admin, ben):
    answer = asked(world, "GET", PATH, cookie=admin)

    assert '<b>Ben Lee</b> <span class="id" title="ben · id.springfield.example">ben · id.' in answer.body
    assert "records" in answer.body
    assert problems(answer.body) == []
    assert not [cookie for cookie in ben if cookie in answer.body]


def test_one_session_ends_at_once_and_the_other_goes_on(world, admin, ben):
    name = pseudonym(world, ben[0])
    assert end(world, admin, name).status_code == 303

    assert [signed_in(world, cookie) for cookie in ben] == [False, True]
    assert world.ledger.said[-1] == (What.SESSION_ENDED, f"session {name} of Ben Lee")


def test_all_of_a_person_s_sessions_end_and_nobody_else_s(world, admin, ben):
    end(world, admin, pseudonym(world, ben[0]), "all")

    assert [signed_in(world, cookie) for cookie in ben] == [False, False]
    assert signed_in(world, admin)


def test_a_session_is_ended_although_the_ledger_is_down(world, admin, ben):
    world.ledger.down = True
    end(world, admin, pseudonym(world, ben[0]))

    assert not signed_in(world, ben[0])


def test_an_hour_old_page_ends_nothing_and_says_so(world, admin, ben):
    name = pseudonym(world, ben[0])
    end(world, admin, name)
    again = end(world, admin, name, "all")

    assert again.status_code == 409
    assert "has ended already" in again.body
    assert signed_in(world, ben[1])


def test_a_session_of_another_agency_is_not_there_and_can_t_be_ended(world, admin):
    theirs = world.signed_in("records", where="other", agencies=("shelbyville",), name="Cleo Diaz", subject="cleo")

    assert "Cleo" not in asked(world, "GET", PATH, cookie=admin).body
    assert end(world, admin, pseudonym(world, theirs)).status_code == 409
    assert signed_in(world, theirs)


def test_a_session_that_has_ended_by_time_is_none(world, admin):
    long_ago = world.now - timedelta(hours=13)
    world.signed_in("records", cookie="old", agencies=OURS, name="Old Hand", began_at=long_ago, acted_at=long_ago)

    assert "Old Hand" not in asked(world, "GET", PATH, cookie=admin).body


def test_script_in_a_name_is_text(world, admin):
    world.signed_in("records", cookie="x", agencies=OURS, name=NASTY, subject=NASTY)
    answer = asked(world, "GET", PATH, cookie=admin)

    assert NASTY not in answer.body
    assert problems(answer.body) == []
