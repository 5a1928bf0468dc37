"""A thousand incidents cost what the page says, by calls that are made and units that are counted."""

import re

import pytest

from rigs.cost.bill import thousand_incidents
from rigs.cost.measure import measure
from rigs.cost.page import LARGE, page
from tenfour.common.paths import ROOT

MOST, MOST_LARGE = 0.158, 0.128
"""Dollars in a mid-size and in a large city, before carriers, with everything counted.

A text's price is written when it is first told, since that may be the only time. The indexes of what is recent, of
whose it is and of what waits may be two cents of it.
"""

_DOLLARS = re.compile(r"\*\*A thousand incidents: \$([\d.]+)")


@pytest.fixture(scope="module")
def used(stack):
    return measure(stack)


def test_a_thousand_incidents_cost_at_most_thirteen_cents_in_a_large_city_and_little_more_in_a_smaller(used):
    lines = thousand_incidents(used)

    assert {step: each.times for step, each in used.items()} == {"webhook": 6, "message": 3, "receipt": 6, "answer": 1}
    assert all(each.write_units and each.read_units for each in used.values())
    assert {"KMS", "CloudWatch", "S3"} <= {line.service for line in lines}
    assert 0.05 < sum(line.dollars for line in lines) <= MOST
    assert 0.05 < sum(line.dollars for line in thousand_incidents(used, LARGE)) <= MOST_LARGE


def test_a_webhook_and_a_message_write_as_much_as_they_must(used):
    assert used["webhook"].write_units / 6 <= 7.5
    assert used["message"].write_units / 3 <= 15


def test_the_page_says_what_was_measured(used):
    """`make cost` writes it."""
    published = (ROOT / "docs" / "operator" / "cost.md").read_text()

    said, measured = (float(_DOLLARS.search(text)[1]) for text in (published, page(used)))
    assert said == pytest.approx(measured, rel=0.05)
    assert max(map(len, published.splitlines())) <= 120
