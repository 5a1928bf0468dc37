"""Person: masked until somebody says why, brakes first, and two people for whatever widens."""

import html
import re
from datetime import timedelta

import pytest

from chalicelib.domain.approval import Author, NotApproved
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.reply import Reply
from chalicelib.domain.people.silenced import ByHand
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.insight.approval.approve import approve, words_of
from chalicelib.insight.approval.ledger import what_waits
from chalicelib.insight.people import behind
from chalicelib.insight.records import person
from chalicelib.insight.records.person import export_person
from chalicelib.insight.records.subject import find_person
from tests.factories import OTHER_PHONE, PHONE, caller
from tests.web.desk.surveyed import WISHES, answered
from tests.web.desk.valid import problems
from tests.web.desk.world import asked, key, story

PATH = "/desk/springfield/person"
EMAIL = "ana.ortiz@people.example"
WHY = {"why": "complaint"}
PRIVATE = re.compile(r"5550123|555.0123|ana.ortiz|please call me")
SECOND = Author("desk:id.springfield.example:second", "Ben Chief")


@pytest.fixture
def cookie(world):
    return world.signed_in("records", "advocate")


@pytest.fixture
def of(world):
    """Return the keyed hash of somebody with a call, who wrote back and stopped surveys."""
    story(world, parties={"1": caller(PHONE, email=EMAIL)})
    world.contacts.opt_out("springfield", PHONE, OptOutScope.SURVEYS, world.now, "please call me no more", "reply")
    reply = Reply(sender=PHONE, number="+13035550199", body="please call me", at=world.now)
    world.contacts.keep_reply("springfield", reply, None)
    return world.contacts.reference(PHONE).keyed_hash


def look(world, cookie, of, **query):
    return asked(world, "GET", PATH, cookie=cookie, query={"of": of, **WHY, **query})


def confirm(world, cookie, name, of):
    return asked(world, "GET", f"{PATH}-{name}", cookie=cookie, query={"of": of})


def press(world, cookie, name, of, **form):
    return asked(world, "POST", f"{PATH}-{name}", cookie=cookie, form={"of": of, **WHY, **form})


def as_opened(world, cookie, name, of, **form):
    """Press the button of a page as it was opened."""
    seen = re.findall(r'name="seen" value="([^"]*)"', confirm(world, cookie, name, of).body)
    return press(world, cookie, name, of, **({"seen": seen[0]} if seen else {}), **form)


def contact(world):
    return world.contacts.load("springfield", PHONE, world.now.date())


def second_approves(world):
    (waits,) = what_waits(world, "springfield", world.now)
    return approve(world, waits, SECOND, world.now)


def test_it_shows_what_was_sent_and_what_holds_without_the_person(world, cookie, of):
    page = look(world, cookie, of)

    assert page.status_code == 200
    assert not PRIVATE.search(page.body)
    assert "(•••) •••-0123" in page.body
    assert ">P26-1</a>" in page.body
    assert "<b>sent</b>" in page.body or "<b>delivered</b>" in page.body
    assert "Gets no surveys; other messages go out." in page.body
    assert "Stopped surveys, by a text of their own." in page.body
    assert problems(page.body) == []


def test_each_look_is_one_line_with_its_reason(world, cookie, of):
    look(world, cookie, of)
    look(world, cookie, of, why="court", ticket="26-104")

    assert [(one.what, one.about, one.reason, one.ticket) for one in world.ledger.entries] == [
        ("looked", f"person {of[:12]}", "complaint", ""),
        ("looked", f"person {of[:12]}", "court", "26-104"),
    ]


@pytest.mark.parametrize("given", [{"why": ""}, {"why": "court"}, {"why": "x"}])
def test_without_a_reason_it_only_asks_for_one(world, cookie, of, given):
    page = look(world, cookie, of, **given)

    assert page.status_code == 422
    assert "P26-1" not in page.body
    assert f'name="of" value="{of}"' in page.body
    assert problems(page.body) == []
    assert world.ledger.entries == []


def test_what_can_t_be_noted_is_not_shown(world, cookie, of):
    world.ledger.down = True
    for answer in (look(world, cookie, of), press(world, cookie, "reveal", of), press(world, cookie, "export", of)):
        assert answer.status_code == 503
        assert "P26-1" not in answer.body
        assert not PRIVATE.search(answer.body)


def test_reveal_shows_all_on_that_answer_alone_and_is_noted(world, cookie, of):
    asks = confirm(world, cookie, "reveal", of)
    page = press(world, cookie, "reveal", of)
    after = look(world, cookie, of)

    assert not PRIVATE.search(asks.body)
    for private in (PHONE, "please call me no more", "please call me<", "Springfield PD: we have your call P26-1."):
        assert private in page.body
    assert "are masked" not in page.body
    assert "Phones, emails and words are masked." in after.body
    assert not PRIVATE.search(after.body)
    assert [one.what for one in world.ledger.entries] == ["revealed", "looked"]
    assert "no-store" in page.headers["Cache-Control"]
    assert problems(page.body) == problems(asks.body) == []


@pytest.mark.parametrize("name", ["reveal", "export", "erase"])
def test_what_is_grave_asks_for_a_fresh_sign_in_and_leads_back_to_its_form(world, of, name):
    cookie = world.signed_in("records", signed_in_at=world.now - timedelta(hours=2))
    for answer in (confirm(world, cookie, name, of), press(world, cookie, name, of)):
        assert answer.status_code == 401
        assert f'value="/desk/springfield/person-{name}?of={of}"' in answer.body
        assert not PRIVATE.search(answer.body)


def test_another_agency_s_person_and_nobody_at_all_look_alike_and_cost_the_same(world, cookie, of):
    other = world.signed_in("records", where="other", cookie="other")
    seen = []
    for hashed in (of, world.contacts.reference("+13035550177").keyed_hash):
        world.calls.clear()
        query = {"of": hashed, **WHY}
        answer = asked(world, "GET", "/desk/shelbyville/person", cookie=other, query=query)
        seen.append((answer.status_code, len(answer.body), dict(world.calls)))

    assert seen[0] == seen[1]
    assert seen[0][0] == 404
    assert asked(world, "GET", PATH, cookie=other, query={"of": of, **WHY}).status_code == 403


@pytest.mark.parametrize("of", ["", "0" * 63, "../x", "<script>alert(1)</script>", PHONE])
def test_what_is_no_hash_is_no_page(world, cookie, of):
    for path in (PATH, f"{PATH}-opt-out", f"{PATH}-reveal"):
        answer = asked(world, "GET", path, cookie=cookie, query={"of": of, **WHY})
        assert answer.status_code == 404
        assert "<script>al" not in answer.body
        assert "5550123" not in answer.body
    assert asked(world, "POST", f"{PATH}-opt-out", cookie=cookie, form={"of": of}).status_code == 404


def test_opting_out_acts_first_also_without_a_ledger_and_needs_no_reason(world, cookie, of):
    world.ledger.down = True
    says = confirm(world, cookie, "opt-out", of)
    done = press(world, cookie, "opt-out", of, why="")

    assert "Nothing more is sent to this phone or email" in says.body
    assert "Done: nothing more is sent to this person." in done.body
    assert contact(world).opted_out is OptOutScope.ALL
    assert problems(done.body) == problems(says.body) == []


def test_who_comes_second_is_told_that_it_was_done_and_a_wider_word_stays(world, cookie, of):
    press(world, cookie, "opt-out", of)
    again = press(world, cookie, "opt-out", of)
    narrower = press(world, cookie, "opt-out", of, scope="surveys")

    assert "everything was stopped already" in again.body
    assert "everything was stopped already" in narrower.body
    assert contact(world).opted_out is OptOutScope.ALL
    assert [one.what for one in world.ledger.entries] == ["opted_out"] * 3


def test_opting_in_again_takes_a_signed_form_and_two_people(world, cookie, of):
    missing = as_opened(world, cookie, "opt-in", of, form="", dated="2026-11-01")
    later = as_opened(world, cookie, "opt-in", of, form="26-104", dated="2027-01-01")
    waits = as_opened(world, cookie, "opt-in", of, form="26-104", dated="2026-11-01")
    before = contact(world).opted_out
    shown = look(world, cookie, of)
    second_approves(world)

    assert (missing.status_code, later.status_code, waits.status_code) == (409, 409, 200)
    assert 'value="26-104"' in later.body
    assert before is OptOutScope.SURVEYS
    assert "Waits for a second person: Enter a signed form to start again. Proposed by Dana Ruiz," in shown.body
    assert contact(world).opted_out is None
    word = world.contacts.history("springfield", PHONE)[-1]
    assert word.words == "signed form 26-104 of 2026-11-01"
    assert "Ben Chief" in word.author
    assert [step for step, _ in world.ledger.steps] == ["proposed", "approved", "done"]


def test_nobody_approves_what_they_proposed(world, cookie, of):
    as_opened(world, cookie, "opt-in", of, form="26-104", dated="2026-11-01")
    (waits,) = what_waits(world, "springfield", world.now)

    with pytest.raises(NotApproved):
        approve(world, waits, waits.author, world.now)
    assert contact(world).opted_out is OptOutScope.SURVEYS


def test_a_page_that_is_an_hour_old_widens_nothing_that_has_changed(world, cookie, of):
    seen = re.findall(r'name="seen" value="([^"]*)"', confirm(world, cookie, "opt-in", of).body)[0]
    world.now += timedelta(minutes=20)
    press(world, cookie, "opt-out", of)
    late = press(world, cookie, "opt-in", of, seen=seen, form="26-104", dated="2026-11-01")

    assert late.status_code == 409
    assert "it has changed since you opened this page" in late.body
    assert world.ledger.steps == []


def test_what_was_proposed_counts_only_as_long_as_nothing_has_changed(world, cookie, of):
    as_opened(world, cookie, "opt-in", of, form="26-104", dated="2026-11-01")
    world.now += timedelta(minutes=1)
    press(world, cookie, "opt-out", of)

    with pytest.raises(NotApproved, match="changed since"):
        second_approves(world)
    assert contact(world).opted_out is OptOutScope.ALL


def test_a_silence_is_one_press_and_its_end_takes_two(world, cookie, of):
    done = press(world, cookie, "silence", of, days="7", why="danger")
    shown = look(world, cookie, of)
    silent = contact(world).silent(world.now + timedelta(days=6))
    waits = as_opened(world, cookie, "unsilence", of)
    second_approves(world)

    assert "for 7 days" in done.body
    assert "Silent, by Dana Ruiz, until" in shown.body
    assert silent
    assert waits.status_code == 200
    assert not contact(world).silent(world.now)
    assert [(one.what, one.reason) for one in world.ledger.entries][:2] == [
        ("silenced", "danger"),
        ("looked", "complaint"),
    ]


@pytest.mark.parametrize("days", ["", "0", "-1", "99999999999", "x"])
def test_a_silence_of_no_known_length_is_the_longest(world, cookie, of, days):
    press(world, cookie, "silence", of, days=days)

    assert contact(world).silent(world.now + timedelta(days=364))


def test_a_silence_of_a_call_is_not_ended_here(world, cookie, of):
    nothing = press(world, cookie, "unsilence", of)

    assert nothing.status_code == 409
    assert "does not stand any more" in nothing.body


def test_looks_at_the_protected_tell_the_auditor_and_only_two_people_end_that(world, cookie, of):
    press(world, cookie, "protect", of)
    look(world, cookie, of)
    as_opened(world, cookie, "unprotect", of)
    second_approves(world)
    look(world, cookie, of)

    assert [one.what for one in world.ledger.entries] == ["protected", "looked_protected", "looked", "looked"]


def test_erasing_is_proposed_from_here_and_says_that_it_waits(world, cookie, of):
    world.now += timedelta(days=1)
    cookie = world.signed_in("records", cookie="fresh")
    waits = press(world, cookie, "erase", of)

    assert "gives the phone or email once more" in waits.body
    assert world.ledger.steps == [("proposed", "erase")]
    assert not PRIVATE.search(str(world.city.ports.book.entries))


@pytest.mark.parametrize("name", ["export", "erase"])
def test_more_calls_than_a_page_goes_through_are_left_to_the_command_and_nothing_is_done(world, of, monkeypatch, name):
    story(world, number="P26-2", parties={"1": caller(PHONE)})
    world.now += timedelta(days=1)
    cookie = world.signed_in("records", cookie="fresh")
    monkeypatch.setattr(behind, "MOST_CALLS", 1)
    before = world.ledger.steps, len(world.ledger.entries)

    refused = press(world, cookie, name, of)

    assert refused.status_code == 409
    assert f"“tenfour person {name}”" in html.unescape(refused.body)
    assert (world.ledger.steps, len(world.ledger.entries)) == before
    monkeypatch.setattr(behind, "MOST_CALLS", 2)
    assert press(world, cookie, name, of).status_code == 200


def test_what_each_desk_has_to_look_at_is_read_once_for_an_export_however_many_surveys_there_are(world, monkeypatch):
    answered(world, "P26-1", WISHES)
    world.calls.clear()
    several = person.surveys_of
    monkeypatch.setattr(person, "surveys_of", lambda aws, rows: [*several(aws, rows)] * 3)

    told = export_person(world, find_person(world, world.city.agency, PHONE))

    assert [len(one["passed_on"]) for one in told["incidents"][0]["answers"]] == [1, 1, 1]
    assert world.calls["follow_ups.of"] == len(Desk)


def test_what_somebody_s_roles_do_not_allow_is_neither_offered_nor_done(world, of):
    advocate = world.signed_in("advocate")
    page = look(world, advocate, of)
    for name in ("hold", "lift", "export", "erase", "protect", "unprotect"):
        assert f"person-{name}?" not in page.body
        assert confirm(world, advocate, name, of).status_code == 403
        assert press(world, advocate, name, of).status_code == 403
    supervisor = world.signed_in("supervisor")
    assert look(world, supervisor, of).status_code == 403
    assert press(world, supervisor, "silence", of, days="1").status_code == 200


def test_every_act_says_what_it_will_do_and_nothing_of_the_person(world, cookie, of):
    press(world, cookie, "silence", of)
    press(world, cookie, "protect", of)
    names = re.findall(rf"person-([a-z-]+)\?of={of}", look(world, cookie, of).body)
    assert len(names) >= 7
    for name in names:
        page = confirm(world, cookie, name, of)
        assert page.status_code == 200
        assert problems(page.body) == []
        assert not PRIVATE.search(page.body)


def test_script_in_every_field_is_text(world, of):
    cookie = world.signed_in(*Role, cookie="all")
    bad = '"><script>alert(1)</script>'
    story(world, "P26-2", bad, parties={"1": caller(PHONE)}, beat=bad)
    world.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, world.now, bad, "command", bad)
    by = ByHand(until=world.now + timedelta(days=1), author=bad, at=world.now, reason=bad)
    world.contacts.silence_person("springfield", PHONE, by)
    answers = [look(world, cookie, of), press(world, cookie, "reveal", of)]
    answers += [
        look(world, cookie, of, ticket=bad),
        press(world, cookie, "opt-in", of, form=bad, dated=bad, ticket=bad),
    ]
    answers += [press(world, cookie, "silence", of, days=bad, why=bad), press(world, cookie, "opt-out", of, scope=bad)]
    for answer in answers:
        assert "<script>al" not in answer.body
        assert problems(answer.body) == []


def test_no_person_is_in_an_address_a_header_the_ledger_or_a_log(world, cookie, of, caplog, capfd):
    for name in ("opt-out", "silence", "protect"):
        answer = press(world, cookie, name, of)
        assert not PRIVATE.search(str(answer.headers))
        assert not PRIVATE.search(answer.body)
    look(world, cookie, of)
    as_opened(world, cookie, "opt-in", of, form="26-104", dated="2026-11-01")
    said = [str(record.__dict__) for record in caplog.records] + [capfd.readouterr().out]

    assert not PRIVATE.search("".join(said))
    assert not PRIVATE.search(str(world.ledger.entries) + str(world.city.ports.book.entries))
    (waits,) = what_waits(world, "springfield", world.now)
    assert f"person {of[:12]}" in words_of(world, waits)


def test_somebody_with_very_many_calls_has_pages(world, cookie):
    for number in range(23):
        story(world, f"P26-{number:02}", minutes=60 + number)
    of = world.contacts.reference(PHONE).keyed_hash
    first = look(world, cookie, of)
    query = re.findall(r"after=([^\"&]*)", first.body)[0].replace("%3A", ":").replace("%2B", "+")
    second = look(world, cookie, of, after=query)

    shown = [set(re.findall(r"%3D(P26-\d\d)", page.body)) for page in (first, second)]
    assert len(shown[0]) == 20
    assert len(shown[0] | shown[1]) == 23


def test_a_bystander_s_messages_are_not_in_a_person_s_page(world, cookie):
    story(world, parties={"1": caller(PHONE), "2": caller(OTHER_PHONE)})
    page = press(world, cookie, "reveal", world.contacts.reference(PHONE).keyed_hash)

    assert PHONE in page.body
    assert OTHER_PHONE not in page.body
    assert len(world.incidents.load(key("P26-1")).rows) >= 2


def test_a_form_tells_nothing_of_a_person_at_whom_nobody_has_looked(world, cookie, of):
    stranger = world.contacts.reference("+13035550177").keyed_hash
    for name in ("opt-in", "unsilence", "lift", "unprotect"):
        pages = [confirm(world, cookie, name, one).body for one in (of, stranger)]
        seen = [re.findall(r'name="seen" value="([^"]*)"', page) for page in pages]

        assert [len(one[0]) for one in seen] == [16, 16]
        assert len(pages[0]) == len(pages[1])
        assert "2026-11-21" not in seen[0][0]
