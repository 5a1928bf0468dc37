"""Settings that somebody proposed at a terminal, at the desk: read like a draft, approved by another, or declined."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import AUTHORS, Act, Author, Proposal, across, digest
from chalicelib.insight.approval import publishing
from chalicelib.insight.approval.ledger import propose, what_waits
from chalicelib.insight.desk.approvals import DECLINED_HERE
from chalicelib.insight.settings.written import as_toml
from chalicelib.ports.errors import NotNoted
from chalicelib.web.desk import door
from tests.web.desk.test_approvals import PATH as APPROVALS
from tests.web.desk.test_draft_week import lived, quieter
from tests.web.desk.test_drafts import LOUDER, OURS, asked_for_review, get, in_force, post, somebody
from tests.web.desk.world import DeskWorld, asked

LEAD = Author("arn:aws:iam::111122223333:user/lead")
LOUD = replace(OURS, mass_call=OURS.mass_call + 1)


@pytest.fixture
def world(monkeypatch):
    made = DeskWorld(OURS)
    monkeypatch.setattr(door, "now", lambda: made.now)
    return made


@pytest.fixture
def ben(world):
    return somebody(world, "ben", "approver")


class Full:
    """A ledger that takes nothing more."""

    def keep_all(self, entries):
        raise NotNoted


def proposed(world, settings=LOUD, who=LEAD, source=""):
    """Let somebody propose settings as `tenfour settings publish` does, and return how the proposal is called."""
    one = publishing.publish(world, settings, who, "a louder city", world.now, source)
    return digest(one.act)


def approve(world, cookie, name, **more):
    return post(world, cookie, "/proposal", **{"id": name, "act": "approve", "other": "yes", **more})


def waits(world):
    return what_waits(world, "springfield", world.now)


def steps(world):
    return [step for step, _ in world.ledger.steps]


def test_it_is_listed_on_drafts_and_read_like_a_draft(world, ben):
    name = proposed(world, replace(LOUD, short_name="Loud PD"), source=f"# why\n{LOUDER}")
    listed = get(world, ben).body
    body = get(world, ben, "/proposal", id=name).body

    assert f"drafts/proposal?id={name}" in listed
    assert "user/lead" in body
    assert f"mass_call: {OURS.mass_call} becomes {LOUD.mass_call}" in body
    assert "mass_call is higher" in body
    assert "# why" in body
    assert "Loud PD" in re.search("As it would be.*", body, re.DOTALL)[0]
    assert "Play last week" in body


def test_another_person_approves_at_the_desk_and_that_publishes_what_was_proposed(world, ben):
    name = proposed(world, source=LOUDER)
    answer = approve(world, ben, name)
    (entry,) = {one.digest for one in world.ledger.book.entries}

    assert answer.status_code == 303
    assert (in_force(world).mass_call, in_force(world).version) == (LOUD.mass_call, 1)
    assert world.settings.source("springfield", 1) == LOUDER
    assert world.settings._port.kept[-1].author == f"{LEAD.by} and Ben (desk:id.springfield.example:ben)"
    assert (entry, steps(world)) == (name, ["proposed", "approved", "done"])
    assert approve(world, ben, name).status_code == 404


def test_whoever_approves_says_that_they_did_not_propose_it(world, ben):
    name = proposed(world)
    refused = approve(world, ben, name, other="")

    assert refused.status_code == 422
    assert "that you are another person" in refused.body
    assert (in_force(world).version, steps(world)) == (0, ["proposed"])


def test_nobody_approves_at_the_desk_what_they_proposed_or_wrote_themselves(world, ben):
    me = Author("desk:id.springfield.example:ben", "Another Name")
    name = proposed(world, who=me)
    refused = approve(world, ben, name)

    assert "You proposed this." in get(world, ben, "/proposal", id=name).body
    assert refused.status_code == 409
    assert (in_force(world).version, steps(world)) == (0, ["proposed"])


def test_over_another_version_than_it_was_proposed_on_it_can_t_be_approved(world, ben):
    name = proposed(world)
    world.settings.publish(replace(OURS, mass_call=OURS.mass_call - 1), "x", "y", world.now)
    page, refused = get(world, ben, "/proposal", id=name).body, approve(world, ben, name)

    assert "Version 1 is in force, and this was proposed over version 0." in page
    assert 'value="approve"' not in page
    assert refused.status_code == 409
    assert in_force(world).version == 1


def test_it_is_declined_with_a_reason_and_waits_no_more(world, ben):
    name = proposed(world)
    nothing = post(world, ben, "/proposal", id=name, act="decline", reason=" ")
    declined = post(world, ben, "/proposal", id=name, act="decline", reason="call 303-555-0123: too loud")

    assert (nothing.status_code, declined.status_code) == (422, 303)
    assert (waits(world), in_force(world).version) == ((), 0)
    assert "555" not in world.ledger.book.entries[-1].reason
    assert approve(world, ben, name).status_code == 404


def test_it_lapses_after_a_day_like_at_a_terminal(world, ben):
    name = proposed(world)
    world.now += timedelta(hours=25)
    ben = somebody(world, "later", "approver")

    assert get(world, ben, "/proposal", id=name).status_code == 404
    assert approve(world, ben, name).status_code == 404


def test_a_draft_is_no_proposal_of_a_terminal_and_is_approved_on_its_own_page(world, ben):
    asked_for_review(world, somebody(world, "ana", "words"))
    (one,) = waits(world)

    assert get(world, ben, "/proposal", id=digest(one.act)).status_code == 404
    assert approve(world, ben, digest(one.act)).status_code == 404


def test_whoever_may_only_draft_reads_it_and_decides_nothing(world):
    ana = somebody(world, "ana", "words")
    name = proposed(world)

    assert 'name="act"' not in get(world, ana, "/proposal", id=name).body
    assert approve(world, ana, name).status_code == 403


def test_with_the_ledger_down_nothing_is_published(world, ben):
    name = proposed(world)
    world.settings._port.book = Full()
    form = {"id": name, "act": "approve", "other": "yes"}
    answer = asked(world, "POST", "/desk/springfield/drafts/proposal", cookie=ben, form=form)

    assert answer.status_code == 503
    assert in_force(world).version == 0


def test_last_week_s_calls_are_played_through_it(world):
    ben = somebody(world, "ben", "approver", "supervisor")
    lived(world, each_day=2)
    name = proposed(world, quieter(OURS))
    asked_for = post(world, ben, "/week", id=name)
    told = world.do_work()
    job = asked_for.headers["Location"].partition("job=")[2]
    result = get(world, ben, "/week-result", id=name, job=job).body

    assert set(told) == {"done"}
    assert "proposed at a terminal: tried on the calls of the last week" in world.ledger.entries[-2].about
    assert "would not be sent" in result or "Messages that differ" in result
    assert f"drafts/proposal?id={name}" in result


def test_a_job_of_what_was_declined_meanwhile_is_not_done(world, ben):
    name = proposed(world, quieter(OURS))
    post(world, ben, "/week", id=name)
    post(world, ben, "/proposal", id=name, act="decline", reason="no")

    assert set(world.do_work()) == {"gone"}


def test_the_page_of_approvals_leads_to_where_settings_are_read(world):
    both = somebody(world, "both", "approver", "supervisor")
    proposed(world)
    asked_for_review(world, somebody(world, "ana", "words"), as_toml(replace(LOUD, short_name="Loud PD")))
    body = asked(world, "GET", APPROVALS, cookie=both).body
    terminal, draft = waits(world)

    assert f"drafts/proposal?id={digest(terminal.act)}" in body
    assert f"drafts/review?id={draft.act.words['draft']}" in body
    assert "tenfour approve" not in body


def test_a_purge_that_a_terminal_proposed_is_declined_at_the_desk_and_approved_at_a_terminal(world):
    both = somebody(world, "both", "auditor", "supervisor")
    act = Act(agency_id="springfield", what="purge", words={"days": "a week"}, of="3", ends=("3 looks are deleted",))
    one = propose(world, Proposal(act=act, by=LEAD.by, at=world.now, reason="by order"))
    form = {"digest": digest(one.act)}
    page = asked(world, "GET", APPROVALS, cookie=both).body
    refused = asked(world, "POST", APPROVALS, cookie=both, form=form)
    declined = asked(world, "POST", APPROVALS, cookie=both, form={**form, "decline": "yes", "reason": "not yet"})

    assert {"purge"} == DECLINED_HERE
    assert "tenfour approve" in page
    assert (refused.status_code, declined.status_code) == (409, 303)
    assert (waits(world), steps(world)) == ((), ["proposed", "failed"])


def test_two_sign_ins_of_two_faces_may_be_one_person_and_those_of_one_face_are_compared(world):
    proposed(world)
    (one,) = waits(world)
    ana, ben = "desk:id.springfield.example:ana", "desk:id.springfield.example:ben"
    drafted = replace(one, by=ana, act=replace(one.act, words={**one.act.words, AUTHORS: f"{ana} {LEAD.by}"}))

    assert across(one, ben)
    assert not across(one, "arn:aws:iam::111122223333:user/second")
    assert across(drafted, ben)
    assert across(drafted, "arn:aws:iam::111122223333:user/second")
    assert not across(replace(one, by=ana), ben)


@pytest.mark.parametrize("page", ["/proposal", "/week", "/scenarios"])
def test_a_phone_in_what_somebody_said_at_a_terminal_is_on_no_page_of_it(world, ben, page):
    one = publishing.publish(world, LOUD, LEAD, "after the call of 303-555-0123", world.now, "")
    body = get(world, ben, page, id=digest(one.act)).body

    assert "555-0123" not in body
    assert page == "/scenarios" or "after the call of" in body
