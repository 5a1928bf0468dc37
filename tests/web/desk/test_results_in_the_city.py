"""Results in the running city: asked at the desk, counted by its function at the city's Athena, opened for nothing."""

import pytest

from chalicelib.insight.results import nightly
from chalicelib.insight.results.job import CHUNKS, job_of, name_of, quarter_of
from chalicelib.insight.results.job import last_day as last_day_of
from tests.waiting import wait_until
from tests.web.desk.test_judge_in_the_city import Somebody
from tests.whole.people import now


@pytest.mark.usefixtures("remembers")
def test_a_quarter_is_counted_behind_the_queue_and_opened(stack, inside, agency):
    asked_at = now()
    quarter = quarter_of(last_day_of(agency, asked_at))
    ana = Somebody(stack, inside, agency, "Ana Ruiz")
    ana.asks("results", quarter=quarter.name)
    name = name_of(agency, quarter, asked_at)

    def known():
        return inside.aws.jobs.find(agency.agency_id, name)

    assert wait_until(lambda: known().state(now()) in ("done", "failed"))
    page = ana.asks(f"results?quarter={quarter.name}&measure=timeliness")

    assert (known().why(now()), known().done) == ("", len(CHUNKS))
    assert known().job.given == job_of(agency, quarter, nightly.OURS, asked_at).given
    assert "How long after its time each kind of text went" in page
