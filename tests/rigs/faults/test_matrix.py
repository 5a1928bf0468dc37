"""Under each answer of a provider and each crash, nobody gets a text twice, and the cases without a text are known."""

import pytest

from chalicelib.domain.notifications.notification import State
from chalicelib.virtual.carrier import Network
from tenfour.common.paths import ROOT
from tests.carriers.simulator import simulating, unreachable
from tests.rigs.faults.matrix import CRASHES, OUTCOMES, cases, run, table

PAGE = ROOT / "docs" / "developer" / "fault-matrix.md"
ENDS = {State.SENT, State.DELIVERED, State.UNDELIVERED, State.FAILED, State.SUPPRESSED, State.UNKNOWN}


@pytest.fixture(scope="module")
def played():
    with simulating() as simulator, unreachable() as nowhere:
        simulator.carrier.network = Network(duplicate=True, disorder=True)
        return run(simulator, nowhere, simulator.outbox)


def test_nobody_gets_a_text_twice(played):
    assert [case for case in played if case.got > 1] == []


def test_nobody_gets_none_except_where_the_promise_says_so(played):
    assert [case for case in played if not case.got and not case.may_be_lost] == []


def test_every_row_ends(played):
    assert [case for case in played if case.row.state not in ENDS] == []


def test_every_outcome_meets_every_crash(played):
    assert {(case.outcome, case.crash) for case in played} == {(one, other) for one in OUTCOMES for other in CRASHES}
    assert len(played) == len(list(cases()))


def test_the_page_shows_what_happened(played):
    shown = table(played)
    print(shown)

    assert shown in PAGE.read_text(encoding="utf-8"), "docs/developer/fault-matrix.md: put in what is printed above"
