"""Who may take on what waits."""

import pytest

from chalicelib.domain.desk.attention import Cause, Waiting
from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role
from chalicelib.domain.desk.taking import may_take
from tests.factories import NOW


@pytest.mark.parametrize("cause", Cause)
def test_of_each_cause_somebody_may_say_i_have_got_it_and_who_may_nothing_may_not(cause):
    of = "release" if cause is Cause.APPROVAL else ""
    one = Waiting(agency_id="springfield", cause=cause, since=NOW, detail=of)

    assert any(may_take(one, BUNDLES[role]) for role in Role)
    assert not may_take(one, frozenset())


def test_replies_that_nobody_has_read_are_taken_by_whoever_may_read_them():
    one = Waiting(agency_id="springfield", cause=Cause.REPLY, since=NOW, count=2)

    assert {permission for permission in Permission if may_take(one, {permission})} == {Permission.CONVERSATION_SEE}
