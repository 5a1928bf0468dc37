"""Approvals: what one person proposed is looked at and done by another, who is told where it has changed or gone."""

import html
import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import BROKE_OFF_AFTER, Author, digest, step
from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.desk.to_decide import DECIDES
from chalicelib.domain.incidents.update import Latch
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.insight.approval.approve import DEEDS
from chalicelib.insight.approval.erasing import propose_erasure
from chalicelib.insight.approval.ledger import propose
from chalicelib.insight.approval.releasing import release
from chalicelib.insight.people import behind
from chalicelib.insight.records.subject import find_person
from chalicelib.words import desk as words
from tests.factories import PHONE, caller, update
from tests.web.desk.world import asked, key, story

PATH = "/desk/springfield/approvals"
ANN = Author("arn:aws:iam::111122223333:user/ann")


@pytest.fixture
def waits(world):
    """Return a release that Ann proposed at a terminal."""
    story(world, latches=frozenset({Latch.JUVENILE}))
    return release(world, key("P26-1"), "juvenile", "", ANN, "told by mistake", world.now)


@pytest.fixture
def cookie(world):
    return world.signed_in("supervisor")


def look(world, cookie):
    return asked(world, "GET", PATH, cookie=cookie).body


def digest_on(page):
    return re.findall(r'name="digest" value="(\w+)"', page)[0]


def post(world, cookie, page, **form):
    told = {"other": "yes"} if 'name="other"' in page else {}
    return asked(world, "POST", PATH, cookie=cookie, form={"digest": digest_on(page), **told, **form})


def releases(world):
    return [one.author for one in world.incidents.load(key("P26-1")).incident.releases]


def steps(world):
    return [one.step for one in world.ledger.book.entries]


def test_it_says_what_an_act_does_and_ends_by_whom_and_why(world, cookie, waits):
    page = look(world, cookie)

    assert "Release call P26-1" in page
    assert "user/ann" in page
    assert "told by mistake" in page
    assert "P26-1 is held because of a juvenile; its people may be texted about it then" in page
    assert "h 0 min left" in page


def test_a_release_says_how_long_its_texts_are_still_worth_sending(world, cookie, waits):
    (held,) = world.attention.of("springfield", (Cause.HELD,))
    next_ends = min(end for end in (held.first_ends, held.until) if end > world.now)
    told = html.unescape(re.sub(r"<[^>]+>", "", look(world, cookie)))

    minutes = int((next_ends - world.now).total_seconds() // 60)
    assert re.search(r"24 h 0 min left · for its next text: (?:(\d+) h )?(\d+) min left", told)
    assert f"{minutes % 60} min left" in told
    world.now = held.until
    assert "for its next text" not in look(world, world.signed_in("supervisor", cookie="later"))


def test_another_person_approves_and_that_does_it(world, cookie, waits):
    answer = post(world, cookie, look(world, cookie))

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PATH}?done=approved")
    assert releases(world) == [f"{ANN.by} and Dana Ruiz (desk:id.springfield.example:subject-supervisor)"]
    assert steps(world) == ["proposed", "approved", "done"]
    assert "Nothing waits for a second person." in look(world, cookie)


def test_whoever_approves_what_came_from_a_terminal_says_that_they_did_not_propose_it(world, cookie, waits):
    """Nothing says that a sign-in here and one at a terminal are not of one person."""
    answer = post(world, cookie, look(world, cookie), other="")

    assert answer.status_code == 422
    assert "Say that you are another person" in answer.body
    assert releases(world) == []
    assert steps(world) == ["proposed"]


def test_nobody_approves_their_own_however_they_are_called(world, cookie):
    story(world, latches=frozenset({Latch.JUVENILE}))
    me = Author("desk:id.springfield.example:subject-supervisor", "Another Name")
    release(world, key("P26-1"), "juvenile", "", me, "told by mistake", world.now)
    page = look(world, cookie)
    answer = post(world, cookie, page)

    assert "You proposed this." in page
    assert answer.status_code == 409
    assert "you proposed this yourself" in answer.body
    assert releases(world) == []


def test_of_two_who_approve_at_once_one_wins_and_the_other_is_told_who_it_was(world, cookie, waits):
    page, other = look(world, cookie), world.signed_in("supervisor", cookie="other", subject="lee", name="Lee Park")
    first, second = post(world, other, page), post(world, cookie, page)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Lee Park has approved it already" in second.body
    assert len(releases(world)) == 1


def test_an_hour_old_page_is_told_what_has_changed(world, cookie, waits):
    page = look(world, cookie)
    world.now += timedelta(hours=1)
    more = update(world.now, "u2", type_modifier="LOUD MUSIC")
    heard = world.archive.heard[key("P26-1")]
    heard.append(type(heard[0])(world.now, "webhook-2", (more,)))
    receive_updates([more], "w2", world.city.agency, world.city.ports, world.now)
    answer = post(world, world.signed_in("supervisor"), page)

    assert answer.status_code == 409
    assert "would do something else now" in answer.body
    assert "LOUD MUSIC" in answer.body
    assert releases(world) == []


def test_a_proposal_is_declined_with_a_reason_and_whoever_approves_then_is_told(world, cookie, waits):
    page, other = look(world, cookie), world.signed_in("supervisor", cookie="other", subject="lee", name="Lee Park")
    nothing = post(world, other, page, decline="yes", reason=" ")
    declined = post(world, other, page, decline="yes", reason="call 303-555-0123: it is a child")
    late = post(world, cookie, page)

    assert (nothing.status_code, declined.status_code, late.status_code) == (422, 303, 409)
    assert "Lee Park has declined it already" in late.body
    assert steps(world) == ["proposed", "failed"]
    assert "0123" not in world.ledger.book.entries[-1].reason
    assert releases(world) == []


def test_a_day_later_it_waits_no_more(world, cookie, waits):
    page = look(world, cookie)
    world.now += timedelta(hours=24)
    cookie = world.signed_in("supervisor", cookie="next day")

    assert "Nothing waits" in look(world, cookie)
    assert "24 hours are over" in post(world, cookie, page).body


@pytest.mark.parametrize("role", ["records", "advocate"])
def test_who_may_not_do_an_act_may_not_approve_it_and_does_not_read_of_it(world, cookie, waits, role):
    page, other = look(world, cookie), world.signed_in(role)

    assert "P26-1" not in look(world, other)
    assert "For other roles than yours there wait: 1." in look(world, other)
    assert post(world, other, page).status_code == 403
    assert releases(world) == []


@pytest.mark.parametrize(
    ("what", "role", "heading", "where", "said"),
    [
        ("publish", "approver", "Publish settings", "drafts/proposal?id={}", "read it first on Drafts"),
        ("purge", "auditor", "Purge the ledger", "tenfour approve {:.12}", "approved at a terminal, not here"),
    ],
)
def test_what_this_page_may_not_do_is_named_with_its_place_and_not_done(world, waits, what, role, heading, where, said):
    act = replace(waits.act, what=what, words={"comment": "less"}, ends=("silence gets shorter",))
    propose(world, replace(waits, act=act))
    cookie = world.signed_in(role, "supervisor")
    page = look(world, cookie)
    answer = asked(world, "POST", PATH, cookie=cookie, form={"digest": digest(act)})

    assert heading in page
    assert where.format(digest(act)) in page
    assert (answer.status_code, said in answer.body) == (409, True)
    assert steps(world) == ["proposed", "proposed"]


def test_of_another_agency_nothing_is_seen_or_decided(world, cookie, waits):
    other = world.signed_in("supervisor", where="other")
    page = look(world, cookie)
    answer = asked(world, "POST", "/desk/shelbyville/approvals", cookie=other, form={"digest": digest_on(page)})

    assert answer.status_code == 409
    assert "P26-1" not in asked(world, "GET", "/desk/shelbyville/approvals", cookie=other).body
    assert releases(world) == []


def test_what_can_t_be_written_to_the_ledger_is_not_done(world, cookie, waits):
    page = look(world, cookie)
    world.ledger.down = True
    answer = post(world, cookie, page, decline="yes", reason="no")

    assert answer.status_code == 503
    assert steps(world) == ["proposed"]


def test_words_of_a_proposal_are_words_and_no_script(world, cookie):
    story(world, number="<b>1", latches=frozenset({Latch.JUVENILE}))
    release(world, key("<b>1"), "juvenile", "", ANN, "<script>alert(1)</script> 303-555-0123", world.now)
    page = look(world, cookie)

    assert "<script>alert" not in page
    assert "<b>1" not in page.replace("<b>1 ", "")
    assert "0123" not in page


def test_each_act_that_somebody_may_decide_on_has_words_and_each_deed_somebody_who_may():
    assert DECIDES.keys() <= words.load("en")["approvals"]["what"].keys()
    assert DEEDS.keys() <= DECIDES.keys()


def test_an_erasure_of_somebody_on_more_calls_than_a_page_goes_through_is_left_to_the_command(world, monkeypatch):
    for number in ("P26-1", "P26-2"):
        story(world, number, parties={"1": caller(PHONE)})
    world.now += timedelta(days=1)
    one = propose_erasure(world, find_person(world, world.city.agency, PHONE), ANN, "request 26-7", world.now)
    monkeypatch.setattr(behind, "MOST_CALLS", 1)
    records = world.signed_in("records")

    refused = post(world, records, look(world, records), address=PHONE)

    assert refused.status_code == 409
    assert f"“tenfour approve {digest(one.act)[:12]}”" in html.unescape(refused.body)
    assert steps(world) == ["proposed"]
    assert world.contacts.incidents_of("springfield", PHONE)


def test_an_erasure_that_broke_off_is_told_to_whoever_may_do_it_again(world, monkeypatch):
    story(world, parties={"1": caller(PHONE)})
    world.now += timedelta(days=1)
    person = find_person(world, world.city.agency, PHONE)
    one = propose_erasure(world, person, ANN, "request 26-7", world.now)
    world.ledger.keep(step(one, "approved", Author("desk:id.springfield.example:second", "Ben Chief"), world.now))
    records = world.signed_in("records")
    assert "Broke off" not in look(world, records)

    world.now += BROKE_OFF_AFTER
    told = look(world, world.signed_in("records", cookie="later"))

    assert "Broke off: Erase a person." in told
    assert f"Person {person.keyed_hash[:12]}." in told
    assert "Ben Chief" in told
    assert "Broke off" not in look(world, world.signed_in("supervisor"))
