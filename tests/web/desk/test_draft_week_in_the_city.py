"""A draft's last week in the running city: asked at the desk, worked on behind the queue, as the command says it."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.draft_week import DAYS
from chalicelib.domain.desk.drafts import begun
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.insight.desk.jobs import MOST_TRIES
from chalicelib.insight.drafts.week import week_of
from chalicelib.insight.settings.check_text import check_text
from chalicelib.insight.settings.written import as_toml
from chalicelib.web.desk import door
from chalicelib.web.desk.request import read_request
from rigs.meter import Meter
from tenfour.stack.template import merged
from tests.command import done_in_the_city
from tests.factories import call, caller
from tests.waiting import wait_until
from tests.web.desk.test_judge_in_the_city import Somebody
from tests.web.desk.world import HOST, request
from tests.whole.people import now

ANA = Author("desk:id.example:ana", "Ana Ruiz")


@pytest.fixture
def ours(inside, agency):
    """Return an agency of its own in shadow, whose first settings are as old as its calls."""
    numbers = replace(agency.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    made = replace(agency, agency_id=f"w{uuid4().hex[:8]}", numbers=numbers, mode="shadow", cities=())
    made = inside.aws.settings.publish(made, "test", "a week", now() - timedelta(days=3))
    inside.aws.searchable.note(made.agency_id, now())
    for back in (1, 2):
        at = now() - timedelta(days=back)
        for number in range(2):
            told = call("NOISE", {"1": caller(f"+130355501{back}{number}")}, at, incident_number=f"W{back}-{number}")
            receive_updates([told], told.update_id, made, inside.aws, at)
    return made


@pytest.mark.usefixtures("remembers")
def test_the_result_is_what_the_command_says_of_the_same_calls(stack, inside, ours):
    text = as_toml(replace(ours, short_name="Week PD"))
    digest = inside.aws.drafts.keep_text(ours.agency_id, text, now())
    inside.aws.drafts.write(ours.agency_id, begun("weekweekwe", digest, "a name", ours.version, ANA, now()))
    ben = Somebody(stack, inside, ours, "Ben Okafor")
    page = ben.asks("drafts/week", id="weekweekwe")
    (job,) = set(re.findall(r"job=(\w+)", page))

    def known():
        return inside.aws.jobs.find(ours.agency_id, job)

    assert wait_until(lambda: known().state(now()) in ("done", "failed"))
    meter = Meter()
    meter.listen(inside.aws.connection.client)
    live = f"/desk/{ours.agency_id}/drafts/week-live"
    given = request("GET", live, cookie=ben.cookie, query={"id": "weekweekwe", "job": job})
    door.visited(read_request(given, HOST), inside.aws)
    with meter.step("live"):
        assert door.visited(read_request(given, HOST), inside.aws).status == 200
    result = ben.asks(f"drafts/week-result?id=weekweekwe&job={job}")
    week = week_of(inside.aws.jobs.results(ours.agency_id, job))
    inside.aws.settings.publish(check_text(text, ours).agency, "test", "as drafted", now())
    by_command = json.loads(done_in_the_city("settings", "diff", "1", "2", "--agency", ours.agency_id, "--json"))

    assert (known().why(now()), known().done) == ("", DAYS)
    assert week.played == week.calls == by_command["incidents"] == 4
    assert week.counts == {
        (one["incident_type"], one["kind"], one["change"]): one["notifications"] for one in by_command["counts"]
    }
    assert week.counts
    assert "All 4 calls were played." in result
    assert dict(meter.steps["live"].calls) == {"GetItem": 1, "Query": 1}
    assert meter.steps["live"].read_units <= 3


def test_the_queue_tries_a_chunk_as_often_as_the_job_says():
    assert merged()["Resources"]["DeskJobs"]["Properties"]["RedrivePolicy"]["maxReceiveCount"] == MOST_TRIES
