"""Figures are counted while a call takes its course."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib import boundary
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.receipt import Receipt
from chalicelib.flow.notifications.record_receipt import take_receipt
from chalicelib.flow.notifications.sweep import sweep_due
from chalicelib.ports.notices import Metric
from rigs.logged import logged_to
from tests.factories import after, call
from tests.flow.city import City


def test_a_call_is_counted_where_it_comes_in_is_decided_goes_out_and_is_heard_of():
    city = City()
    city.tell(call())
    measured = city.ports.measured

    assert measured[Metric.UPDATES, ""] == 1
    assert (measured[Metric.SCHEDULED, ""], measured[Metric.SKIPPED, ""]) == (2, 4)

    city.run_until(after(2))
    assert measured[Metric.LATENESS, Kind.ACKNOWLEDGMENT] == pytest.approx(0, abs=1)
    assert (Metric.LATENESS, Kind.ACKNOWLEDGMENT) in measured

    key = city.row(Kind.ACKNOWLEDGMENT).key
    receipt = Receipt(notification=key, state=State.DELIVERED, reason="", at=after(3), provider="", reference="")
    for _ in range(2):
        take_receipt(receipt, city.ports)
    assert measured[Metric.RECEIPTS, ""] == 1

    take_receipt(replace(receipt, cost=0.012), city.ports)
    assert city.row(Kind.ACKNOWLEDGMENT).cost == 0.012
    assert measured[Metric.RECEIPTS, ""] == 1, "a price alone is no receipt"


def test_the_sweep_measures_what_has_waited_longest():
    city = City()
    city.tell(call())
    city.ports.tell_time(after(7))
    sweep_due(city.ports, after(7))

    assert city.ports.measured[Metric.OLDEST_DUE, ""] == 6 * 60  # held for its first minute


def test_figures_stand_in_the_log_as_cloudwatch_reads_them():
    lines = io.StringIO()
    with logged_to(lines):
        boundary.measure(Metric.LATENESS, 1.5, "delay")

    line = json.loads(lines.getvalue())
    (told,) = line["_aws"]["CloudWatchMetrics"]
    assert told == {
        "Namespace": "tenfour",
        "Dimensions": [["service"], ["service", "kind"]],
        "Metrics": [{"Name": "Lateness"}],
    }
    assert (line["service"], line["kind"], line["Lateness"]) == ("tenfour", "delay", 1.5)
    assert datetime.fromtimestamp(line["_aws"]["Timestamp"] / 1000, UTC) - datetime.now(UTC) < timedelta(minutes=1)


def test_events_that_share_an_alarm_are_told_apart_in_the_log(caplog):
    boundary.count("FeedLate", "FeedTimes", agency="springfield")

    line = vars(caplog.records[-1])
    (told,) = line["_aws"]["CloudWatchMetrics"]
    assert told["Metrics"] == [{"Name": "FeedTimes"}]
    assert (line["msg"], line["FeedTimes"], line["agency"]) == ("FeedLate", 1, "springfield")
