"""What one person proposed is told to those who may decide on it, from the proposal until somebody has decided."""

from datetime import timedelta

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.domain.approval import WAITS_FOR, Act, Author, Proposal, digest
from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role
from chalicelib.domain.desk.taking import may_know
from chalicelib.domain.desk.to_decide import DECIDES, REVIEWED_WITHIN, begins
from chalicelib.domain.incidents.update import Latch
from chalicelib.insight.approval.approve import DEEDS, approve
from chalicelib.insight.approval.deed import with_intent
from chalicelib.insight.approval.ledger import propose
from chalicelib.insight.approval.releasing import release
from chalicelib.insight.desk.approvals import decline
from chalicelib.ports.errors import Conflict
from tests.web.desk.world import DeskWorld, key, story

ANA, BEN = Author("desk:https://id.example:ana", "Ana Ruiz"), Author("desk:https://id.example:ben", "Ben Cole")


@pytest.fixture
def world():
    made = DeskWorld()
    story(made, latches=frozenset({Latch.JUVENILE}))
    return made


def proposes(world, who=ANA):
    return release(world, key("P26-1"), "juvenile", "", who, "told by mistake", world.now)


def told(world):
    return [one.about for one in world.attention.of("springfield", (Cause.APPROVAL,))]


def test_what_is_proposed_waits_for_whoever_may_decide_and_has_no_part_in_it(world):
    proposal = proposes(world)
    (one,) = world.attention.of("springfield", (Cause.APPROVAL,))

    assert (one.about, one.detail, one.until) == (digest(proposal.act), "release", world.now + WAITS_FOR)
    assert may_know(one, BUNDLES[Role.SUPERVISOR], BEN.by)
    assert not may_know(one, BUNDLES[Role.SUPERVISOR], ANA.by)
    assert not may_know(one, BUNDLES[Role.QUALITY], BEN.by)


def test_it_is_over_once_somebody_has_decided_and_waits_again_when_it_is_proposed_again(world):
    proposal = proposes(world)
    decline(world, proposal, BEN, "not yet", world.now)
    assert told(world) == []
    world.now += timedelta(minutes=1)
    again = proposes(world)
    assert told(world) == [digest(again.act)]
    approve(world, again, BEN, world.now)

    assert told(world) == []


def test_a_crash_between_the_proposal_and_the_list_is_put_right_by_proposing_it_again(world):
    note, world.attention.note = world.attention.note, _fails
    with pytest.raises(EndpointConnectionError):
        proposes(world)
    world.attention.note = note
    assert told(world) == []
    again = proposes(world)

    assert told(world) == [digest(again.act)]
    assert [one.step for one in world.ledger.book.entries] == ["proposed"]


def test_a_decision_stands_where_the_list_can_t_be_written_and_the_entry_ends_by_itself(world, caplog):
    proposal = proposes(world)
    note, world.attention.note = world.attention.note, _fails
    decline(world, proposal, BEN, "not yet", world.now)
    world.attention.note = note
    (one,) = world.attention.of("springfield", (Cause.APPROVAL,))

    assert "listed until it ends" in caplog.text
    assert one.waits(world.now)
    assert not one.waits(world.now + WAITS_FOR)


def test_an_act_that_failed_waits_for_nobody(world):
    act = Act(agency_id="springfield", what="report", words={"quarter": "2026Q3", "reason": "r"}, of="x", ends=())
    proposal = propose(world, Proposal(act=act, by=ANA.by, at=world.now, reason="r"))
    assert told(world) == [digest(act)]
    with pytest.raises(Conflict):
        with_intent(world, proposal, BEN, world.now, _conflicts)

    assert told(world) == []


@pytest.mark.parametrize("what", DECIDES)
def test_each_act_is_told_to_those_who_may_decide_on_it_and_to_nobody_else(what):
    words = {"person": "ref", "reason": "r", "authors": f"{ANA.by} {BEN.by}"}
    act = Act(agency_id="springfield", what=what, words=words, of="1", ends=("what protects them",))
    (one,) = begins(Proposal(act=act, by=ANA.by, at=DeskWorld().now, reason="r")).begun

    assert [who for who in Permission if may_know(one, {who}, "desk:x:cleo")] == [DECIDES[what]]
    assert not any(may_know(one, {*Permission}, who.by) for who in (ANA, BEN))
    assert "ref" not in one.about


def test_every_deed_has_somebody_who_decides_on_it():
    assert DEEDS.keys() <= DECIDES.keys()


def test_a_draft_waits_longer_than_its_proposal_which_the_review_makes_anew():
    act = Act(agency_id="springfield", what="publish", words={"draft": "d1"}, of="1", ends=())
    (one,) = begins(Proposal(act=act, by=ANA.by, at=DeskWorld().now, reason="")).begun

    assert one.until - one.since == REVIEWED_WITHIN > WAITS_FOR


def _fails(*_asked):
    raise EndpointConnectionError(endpoint_url="https://dynamodb.example")


def _conflicts():
    raise Conflict
