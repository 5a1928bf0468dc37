"""Whoever watches is paged by the city's own sweep, with the sweep's own permissions."""

from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.settings.watchers import Watchers
from tests.somebody import somebody
from tests.whole.people import Caller, now


@pytest.fixture
def watched(stack, inside):
    """Let Springfield name who watches for late follow-ups, for as long as the test lasts."""
    watcher, before = Caller(stack), inside.aws.settings.agency("springfield")
    watching = {Cause.FOLLOW_UP: Watchers(first=watcher.phone, second=somebody())}
    inside.publish(replace(before, watchers=watching))
    yield watcher
    inside.publish(before)


def test_a_late_follow_up_pages_whoever_watches(inside, watched):
    late = Waiting(agency_id="springfield", cause=Cause.FOLLOW_UP, about=f"supervisors#{uuid4().hex[:12]}", since=now())
    inside.aws.attention.note("springfield", Attention(begun=(late,)))
    try:
        heard = watched.hears_by_the_sweep(inside, "Springfield PD desk: late follow-ups")
    finally:
        inside.aws.attention.note("springfield", Attention(ended=frozenset({late.name})))

    assert heard["provider"] == "sns"
