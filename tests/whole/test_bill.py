"""A thousand incidents cost what the page says, by calls that are made and units that are counted."""

import re

import pytest

from rigs.cost.bill import thousand_incidents
from rigs.cost.measure import measure
from rigs.cost.page import page
from tenfour.common.paths import ROOT

MOST = 0.10
"""Dollars, before carriers."""

_DOLLARS = re.compile(r"\*\*A thousand incidents: \$([\d.]+)")


@pytest.fixture(scope="module")
def used(stack):
    return measure(stack)


def test_a_thousand_incidents_cost_at_most_ten_cents(used):
    lines = thousand_incidents(used)

    assert {step: each.times for step, each in used.items()} == {"webhook": 6, "message": 3, "receipt": 6, "answer": 1}
    assert all(each.write_units and each.read_units for each in used.values())
    assert 0.05 < sum(line.dollars for line in lines) <= MOST


def test_a_webhook_and_a_message_write_as_much_as_they_must(used):
    assert used["webhook"].write_units / 6 <= 7
    assert used["message"].write_units / 3 <= 13


def test_the_page_says_what_was_measured(used):
    """`make cost` writes it."""
    published = (ROOT / "docs" / "operator" / "cost.md").read_text()

    said, measured = (float(_DOLLARS.search(text)[1]) for text in (published, page(used)))
    assert said == pytest.approx(measured, rel=0.05)
    assert max(map(len, published.splitlines())) <= 120
