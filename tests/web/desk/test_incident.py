"""Incident: a call's whole story, noted before it is shown, without a person in it."""

from datetime import timedelta

import pytest

from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.ledger.noted import person as about_person
from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp
from chalicelib.insight.explain.thread import MOST_PHONES
from tests.factories import OTHER_PHONE, PHONE, caller
from tests.web.desk.test_conversations import hear
from tests.web.desk.world import asked, story

PATH = "/desk/springfield/incident"


@pytest.fixture
def cookie(world):
    return world.signed_in("supervisor")


def look(world, cookie, number):
    return asked(world, "GET", PATH, cookie=cookie, query={"number": number})


def test_it_tells_what_was_heard_sent_and_not_sent_and_why(world, cookie):
    story(world)
    page = look(world, cookie, "P26-1").body

    assert "<h1>Call P26-1</h1>" in page
    assert "Springfield PD: we have your call P26-1." in page
    assert "Not sent, and why" in page
    assert "the settings give this incident type no such message" in page
    assert "type NOISE" in page


def test_a_look_is_noted_before_anything_is_shown(world, cookie):
    story(world)
    look(world, cookie, "P26-1")

    (entry,) = world.ledger.entries
    assert (entry.what, entry.about, entry.agency_id) == ("looked", "incident P26-1", "springfield")
    assert entry.session == "".join(entry.session.split())
    assert len(entry.session) == 12


def test_what_can_t_be_noted_is_not_shown(world, cookie):
    story(world)
    world.ledger.down = True
    answer = look(world, cookie, "P26-1")

    assert answer.status_code == 503
    assert "NOISE" not in answer.body
    assert "can&#39;t be noted" in answer.body
    assert "incidents.story" not in world.calls


def test_phones_emails_and_words_of_a_person_are_masked(world, cookie):
    email = "ana@people.example"
    story(world, parties={"1": caller(PHONE, email=email)})
    page = look(world, cookie, "P26-1").body

    assert "(•••) •••-0123" in page
    for private in (PHONE, PHONE[2:], "303-555-0123", email):
        assert private not in page


def alert(world, name="a1", **more):
    """Let somebody on a call have written of danger."""
    usual = {"raised_at": world.now, "incident_number": "P26-1", "comments": ("he has a knife",)}
    one = FollowUp(id=name, agency_id="springfield", desk=Desk.ALERTS, because=Because.DANGER, **usual | more)
    world.follow_ups.keep(one, None)


def test_words_of_danger_are_told_of_without_the_words_or_a_command(world, cookie):
    story(world)
    alert(world)
    page = look(world, cookie, "P26-1").body

    assert "a person on this call wrote of danger; their words (hidden)" in page
    assert "knife" not in page
    assert "--reveal" not in page


def test_danger_comes_first_on_a_call_s_page_and_what_nobody_has_seen_to_before_all(world, cookie):
    story(world)
    alert(world, "a1", answered_at=world.now, answered_by="Ann", note="officers are there")
    alert(world, "a2", raised_at=world.now - timedelta(minutes=9))
    page = look(world, cookie, "P26-1").body
    first, second = (page.index(f"/alert?of={name}") for name in ("a2", "a1"))

    assert first < second < page.index("Received ")
    assert 'class="problem"><b>Danger: a person on this call wrote of danger' in page
    assert "NOBODY HAS SEEN TO IT</b>" in page
    assert "/alert?of=" not in look(world, cookie, "P26-2").body


def test_a_number_that_no_call_has_is_said_and_not_noted(world, cookie):
    answer = look(world, cookie, "P26-404")

    assert answer.status_code == 404
    assert "No call has the number P26-404." in answer.body
    assert 'value="P26-404"' in answer.body
    assert world.ledger.entries == []


@pytest.mark.parametrize("typed", ["303-555-0123", "(303) 555-0123", "+13035550123", "ana@people.example"])
def test_a_phone_or_email_is_found_by_nobody_here_and_gets_into_no_address(world, cookie, typed):
    story(world, parties={"1": caller(PHONE, email="ana@people.example")})
    posted = asked(world, "POST", PATH, cookie=cookie, form={"number": typed})
    asked_for = look(world, cookie, typed)

    assert [posted.status_code, asked_for.status_code] == [404, 404]
    assert "Location" not in posted.headers
    for answer in (posted, asked_for):
        assert "finds calls by their number only" in answer.body
        assert typed not in answer.body
        assert "0123" not in answer.body
    assert "incidents.records" not in world.calls


def test_a_number_that_is_typed_leads_to_its_page(world, cookie):
    story(world)
    found = asked(world, "POST", PATH, cookie=cookie, form={"number": " P26-1 "})

    assert (found.status_code, found.headers["Location"]) == (303, f"{PATH}?number=P26-1")


def test_the_look_of_somebody_without_the_role_reads_nothing(world):
    story(world)
    world.calls.clear()
    answer = look(world, world.signed_in("watch"), "P26-1")

    assert answer.status_code == 403
    assert not {name for name in world.calls if name.startswith("incidents.")}


def test_in_spanish_the_story_is_in_spanish_and_texts_are_as_they_went(world, cookie):
    story(world)
    page = asked(world, "GET", PATH, cookie=cookie, query={"number": "P26-1", "lang": "es"}).body

    assert "<h1>Llamada P26-1</h1>" in page
    assert "tipo NOISE, prioridad 3, abierta" in page
    assert "los ajustes no dan este mensaje a este tipo" in page
    assert "aviso de recibo" in page
    assert "Springfield PD: we have your call P26-1." in page
    assert "acknowledgment" not in page


def test_a_call_of_another_agency_is_not_found_here(world, cookie):
    story(world)
    other = world.signed_in("supervisor", where="other")
    answer = asked(world, "GET", "/desk/shelbyville/incident", cookie=other, query={"number": "P26-1"})

    assert answer.status_code == 404
    assert "NOISE" not in answer.body


def phone_of(page, digits="0123"):
    """Return what a phone got, text by text, as the page shows it."""
    return page.split(f"-{digits}</h3>")[1].split("</ol>")[0].split("<li")[1:]


def test_a_phone_shows_what_tenfour_answered_by_itself_in_order_with_what_became_of_it(world, cookie):
    story(world)
    hear(world, "he has a gun", minutes=10)
    hear(world, "STOP", minutes=5)
    received, danger, stop, *_ = phone_of(look(world, cookie, "P26-1").body)

    assert "automatic" not in received
    assert "911 now" in danger
    assert "<b>automatic: tenfour answered by itself</b>, 10:50, sent" in danger
    assert "you will get no more texts" in stop
    assert "<b>automatic: tenfour answered by itself</b>, 10:55, sent" in stop


def test_what_was_answered_to_others_or_before_the_call_is_not_on_its_phones(world, cookie):
    hear(world, "HELP", minutes=40)
    story(world)
    hear(world, "HELP", minutes=5, phone=OTHER_PHONE)

    assert "automatic" not in look(world, cookie, "P26-1").body


def test_a_call_of_a_crowd_reads_the_conversations_of_so_many_phones_and_no_more(world, cookie):
    story(world, "P26-9", parties={str(n): caller(f"+1303555{100 + n:04}") for n in range(40)})
    world.calls.clear()
    look(world, cookie, "P26-9")

    assert world.calls["conversations.answers"] <= MOST_PHONES


def protect(world, phone=PHONE):
    world.contacts.protected.put("springfield", world.contacts.reference(phone), "Dana Ruiz", world.now)


MARK = "A person on this call is protected. Your look tells the auditor."


def test_a_call_with_somebody_protected_says_so_and_the_look_tells_the_auditor_first(world, cookie):
    story(world, parties={"1": caller(PHONE), "2": caller(OTHER_PHONE)})
    protect(world, OTHER_PHONE)
    page = look(world, cookie, "P26-1").body

    keyed_hash = world.contacts.reference(OTHER_PHONE).keyed_hash
    assert page.index(MARK) < page.index("type NOISE")
    assert world.ledger.said == [("looked_protected", about_person(keyed_hash)), ("looked", "incident P26-1")]


def test_a_call_without_anybody_protected_says_nothing_of_it(world, cookie):
    story(world)
    protect(world, OTHER_PHONE)

    assert MARK not in look(world, cookie, "P26-1").body
    assert world.ledger.said == [("looked", "incident P26-1")]


def test_what_is_revealed_of_somebody_protected_tells_the_auditor_with_the_reason(world):
    story(world)
    protect(world)
    records = world.signed_in("records")
    form = {"number": "P26-1", "why": "complaint"}
    page = asked(world, "POST", "/desk/springfield/reveal", cookie=records, form=form).body

    assert MARK in page
    assert [(one.what, one.reason) for one in world.ledger.entries] == [
        ("looked_protected", "complaint"),
        ("revealed", "complaint"),
    ]


def test_a_look_at_somebody_protected_that_can_t_be_noted_shows_nothing(world, cookie):
    story(world)
    protect(world)
    world.ledger.down = True
    answer = look(world, cookie, "P26-1")

    assert answer.status_code == 503
    assert MARK not in answer.body


def test_held_says_that_somebody_on_a_call_is_protected_before_it_is_opened(world, cookie):
    story(world, "P26-3", minutes=2, parties={"1": caller(OTHER_PHONE)}, latches=frozenset({Latch.JUVENILE}))
    held = "A person on this call is protected. Opening it tells the auditor."
    before = asked(world, "GET", "/desk/springfield/held", cookie=cookie).body
    protect(world, OTHER_PHONE)
    after = asked(world, "GET", "/desk/springfield/held", cookie=cookie).body

    assert (held in before, held in after) == (False, True)
    assert world.ledger.entries == []
