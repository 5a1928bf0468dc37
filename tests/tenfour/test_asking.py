"""Questions: nobody is asked about what can't be done, and an input that has ended is one line."""

import io

import pytest

from chalicelib.domain.approval import Act, Proposal
from chalicelib.insight.records.person import UnderHold
from chalicelib.ports.errors import Unreadable
from chalicelib.virtual.world import MemoryPorts
from tests.command import tenfour
from tests.factories import NOW, PHONE, agency

BEN = "arn:aws:iam::111122223333:user/ben"
ACT = Act(agency_id="springfield", what="erase", words={"person": "a" * 64, "reason": "asked"}, of="a" * 64, ends=())
PROPOSAL = Proposal(act=ACT, by="arn:aws:iam::111122223333:user/ann", at=NOW, reason="asked")


class Stack(MemoryPorts):
    caller = BEN


@pytest.fixture
def approving(monkeypatch):
    """Approve an erasure at a terminal whose input has ended; return what the command said."""

    def run(kept_by=None):
        def ready(*_):
            if kept_by:
                raise kept_by
            return BEN

        monkeypatch.setattr("sys.stdin", io.StringIO(""))
        monkeypatch.setattr("tenfour.common.reached.reach", lambda _: Stack(agency()))
        monkeypatch.setattr("tenfour.commands.approve.which_agency_id", lambda *_: "springfield")
        monkeypatch.setattr("chalicelib.insight.approval.ledger.find", lambda *_: PROPOSAL)
        monkeypatch.setattr("chalicelib.insight.approval.approve.ready", ready)
        return tenfour("approve", "abc", "--address", PHONE)

    return run


def test_a_hold_is_said_before_anybody_is_asked(approving):
    done = approving(UnderHold("a legal hold keeps P26-1"))

    assert (done.returncode, done.stderr) == (2, "a legal hold keeps P26-1\n")
    assert "Do it?" not in done.stdout


def test_an_input_that_has_ended_is_one_line(approving):
    done = approving()

    assert done.returncode == 1
    assert "Do it?" in done.stdout
    assert done.stderr.strip().splitlines() == ["stopped"]


def test_what_this_release_can_not_read_is_one_line(approving):
    done = approving(Unreadable("springfield#P26-1 incident"))

    assert (done.returncode, "Do it?" in done.stdout) == (2, False)
    assert done.stderr.startswith("springfield#P26-1 incident: this release can't read it.")
    assert len(done.stderr.splitlines()) == 1
