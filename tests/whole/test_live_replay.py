"""Two hundred incidents through the webhook of a city of their own, held against the virtual clock."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.settings.agency import AcknowledgmentRules, DelayRules
from chalicelib.virtual.extract import Case
from chalicelib.virtual.town.calls import generate
from rigs.city.city import local_city
from tenfour.common.screen import Screen
from tenfour.rehearse.replay_live import FASTEST, compare, hurried, replay_live, spread
from tests.factories import demo_agency

INCIDENTS = 200
OVER = timedelta(seconds=60)
CUT = timedelta(minutes=45)
"""What would take longer is left out, so that the test ends: a minute of the test is an hour of the city."""


def _cut(case):
    start = case.messages[0].at
    return Case(case.line, case.incident_number, tuple(m for m in case.messages if m.at - start < CUT))


@pytest.mark.long
@pytest.mark.whole
def test_two_hundred_incidents_give_the_same_notifications_live_as_on_the_virtual_clock(tmp_path):
    week_ago = datetime.now(UTC) - timedelta(days=7)
    cases = [_cut(case) for case in generate(11, INCIDENTS, week_ago, timedelta(hours=5), speed=1)]
    usual = replace(demo_agency(), delay=DelayRules(), acknowledgment=AcknowledgmentRules())
    rules = hurried(usual, "springfield", FASTEST)

    with local_city(rules, tmp_path, 0) as stack:
        posted = spread(cases, datetime.now(UTC) + timedelta(seconds=3), OVER, FASTEST)
        lines = replay_live(posted, rules, stack, Screen(quiet=True), published=True)

    comparison = compare(posted, rules, lines)
    print("within the clock's jitter of a threshold:", comparison.within_jitter)
    assert len(lines) == INCIDENTS
    assert comparison.different == ()
    assert len(comparison.same) > 0.5 * INCIDENTS
    assert sum(entry.state == "delivered" for item in lines for entry in item.notifications) > 100
