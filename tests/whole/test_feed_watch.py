"""The watch over the feed, on the running city."""

import pytest

from tenfour.rehearse.vendor import Vendor
from tests.waiting import wait_until
from tests.whole.people import Caller


@pytest.fixture
def caller(stack):
    return Caller(stack)


def test_each_minute_the_sweep_looks_whether_the_feed_is_well(stack, inside, caller):
    before = inside.aws.settings.feed("springfield")[0].tally.updates
    caller.call()

    def noted():
        heard, book = inside.aws.settings.feed("springfield")
        return heard.tally.updates > before and heard.told_at and book

    # A container notes what it was told once a minute, with the next webhook.
    assert wait_until(lambda: noted() or (Vendor(stack).beat() and False), every=5)
