"""The bill counts all that AWS asks for: keys, heartbeats, logs, and metrics by the hours in which they have data."""

import io
from collections import Counter

import pytest

from chalicelib.boundary import logger, measure
from chalicelib.flow.notifications.sweep import sweep_due
from chalicelib.flow.notifications.watch_feeds import watch_feeds
from chalicelib.flow.surveys.rest import tell_of_rested
from chalicelib.insight.results.job import SERVICE, SURVEYS
from chalicelib.ports.notices import Metric
from chalicelib.web.desk.wall_page import HOURS_EVERY
from rigs.cost import desk
from rigs.cost.bill import COMPACT_MINUTES, EXPORT_MINUTES, SHARDS, SWEEP_LOG, month, thousand_incidents
from rigs.cost.keys import TABLE_MINUTES, callers, idle_requests, requests
from rigs.cost.ledger import act
from rigs.logged import logged_to
from rigs.meter import Used
from tenfour.common.paths import ROOT
from tenfour.stack.template import merged
from tests.factories import NOW, agency
from tests.flow.city import ports

MOST_IDLE = 6.00
"""Dollars a month at list price, without a dashboard and without a desk."""

MOST_OF_THE_DESK = 0.89
"""Dollars that a desk adds which nobody opens."""

CALLERS = callers(webhooks=6, messages=3, batches=3, visits=0.4)
TEMPLATE = merged()


def bill(what):
    (line,) = [line for line in month() if line.what.startswith(what)]
    return line


def test_an_idle_month_costs_at_most_six_dollars():
    assert 4 < sum(line.dollars for line in month(desk=False)) <= MOST_IDLE


def test_a_desk_that_nobody_opens_adds_a_secret_two_alarms_a_queue_and_a_look_each_minute():
    assert 0 < desk.idle() <= MOST_OF_THE_DESK + 0.001


def test_an_open_page_is_counted_by_what_its_script_asks():
    script = (ROOT / "chalicelib" / "web" / "static" / "desk" / "live.js").read_text()
    (polls, *_) = desk.open_page(hours=1)

    assert f"SOONEST = {1000 * desk.POLL_SECONDS}, CALMEST = {1000 * desk.CALM_SECONDS}," in script
    assert desk.HOURS_SECONDS == HOURS_EVERY
    assert polls.amount == 720
    assert sum(line.dollars for line in desk.open_page()) < 3


@pytest.mark.parametrize("page", [desk.open_page, desk.open_wall])
@pytest.mark.parametrize("every", [desk.POLL_SECONDS, desk.CALM_SECONDS])
def test_a_page_that_is_open_for_twelve_hours_costs_less_than_five_cents(page, every):
    assert 0 < sum(line.dollars for line in page(12, every)) < 0.05


def test_it_has_the_keys_the_logs_and_the_heartbeat():
    assert bill("requests").service == "KMS"
    assert bill("requests").amount == idle_requests() > 50_000
    assert bill("heartbeats").amount == 730 * 60
    assert bill("bytes of logs").amount > 10_000_000


def test_an_idle_sweep_logs_as_much_as_the_bill_says():
    logged = io.StringIO()
    with logged_to(logged):  # the lines of `app.sweep`
        measure(Metric.OLDEST_DUE, 0.0)
        logger.info("swept", hinted=0)
        logger.info("rested", told=0)
    lines = logged.getvalue().splitlines()

    assert len(lines) == 3
    assert 0.7 * SWEEP_LOG < sum(len(line) + 26 for line in lines) <= SWEEP_LOG


def test_a_metric_is_paid_for_while_it_has_data_and_one_has_while_nothing_happens():
    world = ports()
    world.settings.note_feed(agency().agency_id, NOW)
    sweep_due(world, NOW)
    watch_feeds(world, NOW)
    tell_of_rested(world, NOW)

    assert {metric for metric, _ in world.measured} == {Metric.OLDEST_DUE}
    assert world.notices == []
    assert bill("metrics").amount == 1


def test_an_alarm_on_two_metrics_is_paid_for_twice():
    alarms = [each for each in TEMPLATE["Resources"].values() if each.get("Type") == "AWS::CloudWatch::Alarm"]
    on_two = [each for each in alarms if "Metrics" in each["Properties"]]

    assert bill("alarms").amount == len(alarms) + len(on_two) > len(alarms)


def test_the_dashboard_is_made_only_if_it_is_asked_for():
    assert TEMPLATE["Parameters"]["MakeDashboard"]["Default"] == "false"
    boards = [each for each in TEMPLATE["Resources"].values() if each.get("Type") == "AWS::CloudWatch::Dashboard"]

    assert [board["Condition"] for board in boards] == ["MakeDashboard"]


def test_calls_to_kms_are_bounded_by_time_in_a_city():
    town, city, large = (requests(CALLERS, incidents) for incidents in (600, 18_500, 85_000))

    assert 30 < town / 600 < 90
    assert city / 18_500 < 8
    assert large < 1.4 * city


def test_a_queue_asks_kms_by_the_formula_that_sqs_gives():
    """R = (B / D) * (2 * P + C), in "Estimating AWS KMS costs" of the Developer Guide of SQS."""
    asked = {caller.who: caller.keys for caller in CALLERS if "sender" in caller.who}

    assert asked["hints: three senders and a reader"] == 2 * 3 + 1
    assert asked["receipts: a sender and a reader"] == asked["replies: a sender and a reader"] == 2 * 1 + 1
    assert TABLE_MINUTES == 5


USED = {
    step: Used(times=times, calls=Counter(SendMessageBatch=2))
    for step, times in (("webhook", 6), ("message", 3), ("receipt", 6), ("answer", 1))
}


def test_each_shard_lands_one_file_a_span_and_busy_days_are_written_each_quarter_of_an_hour():
    puts, reads = (line for line in thousand_incidents(USED, 85_000) if line.service == "S3")
    month_of_minutes = 730 * 60
    most = SHARDS * 2 * month_of_minutes / EXPORT_MINUTES + 6 * month_of_minutes / COMPACT_MINUTES

    assert TEMPLATE["Parameters"]["ExportWindow"]["Default"] == EXPORT_MINUTES * 60
    assert TEMPLATE["Parameters"]["CompactSchedule"]["Default"] == f"rate({COMPACT_MINUTES} minutes)"
    assert SHARDS * month_of_minutes / EXPORT_MINUTES < puts.amount * 85 < most
    assert reads.amount == puts.amount


def test_the_ledger_is_on_the_bill_with_its_streams_key_and_an_act_costs_next_to_nothing():
    streams = [
        name for name, each in TEMPLATE["Resources"].items() if "StreamSpecification" in each.get("Properties", {})
    ]

    assert "Ledger" in streams
    assert idle_requests() == (5 + len(streams)) * 730 * 12 + 3 * 730  # and three containers' environments
    assert 0 < act() < 0.0001
    assert "0.005 cents: 3 entries in the ledger" in (ROOT / "docs" / "operator" / "cost.md").read_text()


QUEUES = [name for name, each in TEMPLATE["Resources"].items() if each.get("Type") == "AWS::SQS::Queue"]


@pytest.mark.parametrize("name", QUEUES)
def test_a_queues_data_key_lives_for_six_hours_as_the_security_page_says(name):
    rules = TEMPLATE["Resources"][name]["Properties"]

    assert "KmsMasterKeyId" in rules
    assert rules["KmsDataKeyReusePeriodSeconds"] == 6 * 3600
    assert "for up to six hours" in (ROOT / "docs" / "operator" / "security.md").read_text()


def test_a_night_s_questions_are_those_of_two_quarters_of_results():
    assert 2 * len((*SERVICE, *SURVEYS)) == desk.QUESTIONS
    assert 0 < desk.nights() < desk.nights(desk.LARGE_CITY) < 0.05
    assert "\n".join(desk.section()) in (ROOT / "docs" / "operator" / "cost.md").read_text()
