"""What a person does on a call's page: silence, cancel one, release, read aloud, and see phones with a reason."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.reasons import Reason
from tests.factories import OTHER_PHONE, PHONE, caller
from tests.web.desk.test_held import crowd, fields
from tests.web.desk.world import asked, key, story

ROOT = "/desk/springfield"
PATH = f"{ROOT}/incident"


@pytest.fixture
def cookie(world):
    return world.signed_in("supervisor")


def look(world, cookie, number="P26-1", **query):
    return asked(world, "GET", PATH, cookie=cookie, query={"number": number, **query}).body


def press(world, cookie, act, **form):
    return asked(world, "POST", f"{ROOT}/{act}", cookie=cookie, form={"number": "P26-1", **form})


def messages(page):
    return re.findall(r'name="message" value="([^"]+)"', page)


def rows(world):
    return world.incidents.load(key("P26-1")).rows.values()


def test_one_press_silences_everybody_on_a_call_and_the_note_comes_after(world, cookie):
    story(world, parties={"1": caller(), "2": caller(OTHER_PHONE)})
    world.ledger.down = True
    answer = press(world, cookie, "silence")
    world.ledger.down = False

    assert answer.headers["Location"] == f"{PATH}?number=%3DP26-1&done=silenced"
    for phone in (PHONE, OTHER_PHONE):
        contact = world.contacts.load("springfield", phone, world.now.date())
        assert contact.silenced_until == world.now + timedelta(days=90)
    assert "Its people are silenced" in look(world, cookie)


def test_a_silence_takes_two_to_end(world, cookie):
    story(world)
    press(world, cookie, "silence")
    page = look(world, cookie)
    answer = asked(world, "POST", f"{ROOT}/release", cookie=cookie, form={**fields(page), "why": "decided"})

    assert 'name="what" value="sensitive"' in page
    assert answer.headers["Location"] == f"{ROOT}/held?done=proposed"
    assert world.incidents.load(key("P26-1")).incident.silences


def test_one_message_that_waits_is_cancelled_and_the_others_stay(world, cookie):
    story(world, minutes=1, parties=crowd())
    page = look(world, cookie)
    first, *others = messages(page)
    answer = press(world, cookie, "cancel", message=first)

    gone = [row for row in rows(world) if row.reason == Reason.CANCELLED_BY_PERSON]
    assert answer.headers["Location"].endswith("done=cancelled")
    assert [row.key.id for row in gone] == [first]
    assert messages(look(world, cookie)) == others
    assert "a person of the agency cancelled it" in look(world, cookie)
    assert ("cancelled", "incident P26-1") in world.ledger.said


def test_an_hour_old_page_cancels_nothing_that_has_gone_and_says_so(world, cookie):
    story(world, minutes=1, parties=crowd())
    first = messages(look(world, cookie))[0]
    press(world, cookie, "cancel", message=first)
    again = press(world, cookie, "cancel", message=first)

    assert again.status_code == 409
    assert "Too late: that message is already not sent." in again.body


@pytest.mark.parametrize("message", ["", "x", "springfield__P26-9__survey__1__0", "shelbyville__P26-1__survey__1__0"])
def test_a_message_of_another_call_or_agency_is_not_cancelled_here(world, cookie, message):
    story(world, minutes=1, parties=crowd())
    answer = press(world, cookie, "cancel", message=message)

    assert answer.headers["Location"].endswith("done=cancel_gone")
    assert {row.state for row in rows(world)} == {State.SCHEDULED}


@pytest.mark.parametrize("act", ["silence", "cancel", "reveal"])
def test_whoever_may_not_act_does_nothing(world, act):
    story(world, minutes=1, parties=crowd())
    records, watch = world.signed_in("records"), world.signed_in("watch")
    answers = [press(world, watch, act)] + [press(world, records, act) for _ in range(act != "reveal")]

    assert {answer.status_code for answer in answers} == {403}
    assert {row.state for row in rows(world)} == {State.SCHEDULED}


def test_phones_and_words_are_shown_once_with_a_reason_and_noted_first(world):
    story(world)
    cookie = world.signed_in("records")
    hidden = look(world, cookie)
    answer = press(world, cookie, "reveal", why="complaint")

    assert PHONE[-10:-4] not in hidden
    assert PHONE in answer.body
    assert answer.headers["Cache-Control"] == "no-store"
    assert PHONE not in look(world, cookie)
    (entry,) = [one for one in world.ledger.entries if one.what == "revealed"]
    assert (entry.about, entry.reason) == ("incident P26-1", "complaint")
    assert [(one.author, one.reason) for one in world.archive.reveals[key("P26-1")]] == [
        ("Dana Ruiz (desk:id.springfield.example:subject-records)", "a complaint")
    ]


def test_a_reveal_without_a_reason_a_ledger_or_a_fresh_sign_in_shows_nothing(world):
    story(world)
    cookie = world.signed_in("records")
    without = press(world, cookie, "reveal", why="")
    world.ledger.down = True
    unnoted = press(world, cookie, "reveal", why="complaint")
    world.ledger.down = False
    stale = world.signed_in("records", cookie="stale", signed_in_at=world.now - timedelta(hours=2))
    old = press(world, stale, "reveal", why="complaint")

    assert [one.status_code for one in (without, unnoted, old)] == [422, 503, 401]
    assert not any(PHONE in one.body for one in (without, unnoted, old))
    assert key("P26-1") not in world.archive.reveals


def test_the_phone_is_shown_as_its_person_saw_it_masked(world, cookie):
    story(world)
    page = look(world, cookie)
    phone = page.partition("As each phone saw it")[2].partition("The story")[0]

    assert "(•••) •••-0123" in phone
    assert "Springfield PD: we have your call P26-1." in phone
    assert "acknowledgment" in phone


def test_a_paragraph_can_be_read_aloud_and_says_nothing_of_a_sensitive_call(world, cookie):
    story(world)
    story(world, "P26-2", "DV")
    story(world, "P26-3", latches=frozenset({Latch.JUVENILE}))
    read = [
        look(world, cookie, number).partition("plain-words")[2].partition("</p>")[0]
        for number in ("P26-1", "P26-2", "P26-3")
    ]

    assert "We have your call, number P26-1." in read[0]
    assert "we wrote to you that we have it" in read[0]
    assert all(
        "I can&#39;t tell you more about this call here. If you need help now, call 911." in one for one in read[1:]
    )


def test_a_call_is_paused_from_its_page_and_says_so(world, cookie):
    story(world)
    asked(world, "POST", f"{ROOT}/pause", cookie=cookie, form={"what": "incident", "incident": "P26-1"})

    assert [(one.of, one.which) for one in world.settings.pauses] == [("incident", "P26-1")]
    assert "This call&#39;s texts are paused." in look(world, cookie)


def test_a_number_that_is_nobodys_is_not_silenced_and_not_noted(world, cookie):
    answer = press(world, cookie, "silence", number="P26-404")

    assert answer.status_code == 404
    assert world.ledger.said == []
