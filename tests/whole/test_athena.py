"""The city's lake, asked as a function asks Athena: over its API, in both workgroups."""

from uuid import uuid4

from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.insight.figures.queries import query
from tenfour.figures.local import LocalLake, download
from tests.factories import call, caller
from tests.waiting import wait_until
from tests.whole.people import now


def test_an_answer_is_of_the_lake_as_it_is_now(inside, stack, tmp_path):
    """Other tests write meanwhile, so a copy that is older than the answer has nothing that the answer has not."""
    told = call("NOISE", {"1": caller()}, now(), incident_number=f"Q{uuid4().hex[:8]}")
    receive_updates([told], told.update_id, inside.aws.settings.agency("springfield"), inside.aws, now())
    sql = "SELECT dt, count(*) AS calls FROM incidents GROUP BY dt ORDER BY dt"

    def calls():
        return sum(count for _, count in inside.aws.lake_source.query(sql).rows)

    assert wait_until(calls)
    download(stack, tmp_path)
    copied = LocalLake(tmp_path).query(sql)
    assert calls() >= sum(count for _, count in copied.rows) > 0


def test_comments_are_asked_in_a_workgroup_of_their_own(inside):
    for name in ("comments_counted", "satisfaction", "timeliness", "non_response"):
        sql = query(name).sql

        assert inside.aws.lake_source.query(sql).names


def test_the_desks_function_knows_workgroup_database_and_endpoint(inside):
    made = inside.client("lambda").get_function_configuration(FunctionName=inside.outputs["DeskPages"])
    told = made["Environment"]["Variables"]

    assert told["TENFOUR_LAKE_WORKGROUP"] == inside.aws.config.lake_workgroup
    assert told["TENFOUR_LAKE_DATABASE"] == inside.aws.config.lake_database == inside.outputs["LakeDatabase"]
