"""Athena's own client, answered by the city's stand-in: over HTTP, by botocore's own model, with the same SQL."""

import threading
from functools import partial

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError

from chalicelib.insight.figures.athena import Athena
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import QueryFailed
from rigs.city.athena import Athena as StandIn
from rigs.city.serve import address, bound_socket, serving
from tenfour.common.reach import client
from tenfour.figures.local import LocalLake
from tests.insight.lake.rows import sample, write
from tests.insight.lake.test_queries import QUARTER
from tests.waiting import LONGEST

GROUPS = ("tenfour", "tenfour-comments")


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return LocalLake(write(tmp_path_factory.mktemp("athena"), sample(incidents=60)))


@pytest.fixture(scope="module")
def stand_in(here):
    """Serve an Athena whose pages have seven rows."""
    held, athena = bound_socket(0), StandIn(here.query, GROUPS, rows=7)
    with serving(athena.app(), held):
        yield athena, client("athena", address(held))


def lake(at, **more):
    return Athena(at, "tenfour", "lake", lambda seconds: None, **more)


@pytest.mark.parametrize("name", ["satisfaction", "repeat_contacts", "calls", "comments"])
def test_athenas_answer_is_read_as_the_same_values(here, stand_in, name):
    athena, at = stand_in
    sql = query(name).during(*QUARTER)
    before = set(athena.executions)

    found = lake(at).query(sql)

    (asked,) = (athena.executions[each] for each in set(athena.executions) - before)
    again = here.query(sql)
    assert (found.names, found.rows) == (again.names, again.rows)
    assert found.scanned > 0
    assert (asked.workgroup, asked.database) == ("tenfour-comments" if name == "comments" else "tenfour", "lake")


def test_results_of_several_pages_are_read_whole(here, stand_in):
    found = lake(stand_in[1]).query(query("marks_by_call").during(*QUARTER))

    assert len(found.rows) > 14
    assert found.rows == here.query(query("marks_by_call").during(*QUARTER)).rows


def test_what_athena_says_when_it_fails_is_told(stand_in):
    with pytest.raises(QueryFailed, match=r"SYNTAX_ERROR: .*no_such_table"):
        lake(stand_in[1]).query("SELECT 1 FROM no_such_table")


def test_a_query_waits_in_the_line_and_has_no_results_before_its_end(here):
    begins, may_end = threading.Event(), threading.Event()

    def slow(sql):
        begins.set()
        may_end.wait()
        return here.query(sql)

    held, waits = bound_socket(0), []
    with serving(StandIn(slow, GROUPS).app(), held):
        at = client("athena", address(held))
        start = partial(at.start_query_execution, QueryString="SELECT 1", WorkGroup="tenfour")
        first, second = (start()["QueryExecutionId"] for _ in range(2))
        begins.wait()
        states = [_state(at, each) for each in (first, second)]
        with pytest.raises(ClientError, match="Current state: RUNNING"):
            at.get_query_results(QueryExecutionId=first)
        may_end.set()
        found = Athena(at, "tenfour", "lake", waits.append).query("SELECT 1 AS one")

    assert states == ["RUNNING", "QUEUED"]
    assert found.rows == ((1,),)


@pytest.mark.parametrize(
    ("call", "asked", "why"),
    [
        (
            "start_query_execution",
            {"QueryString": "SELECT 1", "WorkGroup": "another"},
            "WorkGroup another is not found",
        ),
        ("get_query_execution", {"QueryExecutionId": "e1"}, "e1 was not found"),
        ("get_query_results", {"QueryExecutionId": "e1"}, "e1 was not found"),
    ],
)
def test_what_athena_would_not_take_is_refused(stand_in, call, asked, why):
    with pytest.raises(ClientError, match=f"InvalidRequestException.*{why}"):
        getattr(stand_in[1], call)(**asked)


def test_pages_of_results_are_as_large_as_asked_and_end(stand_in):
    _, at = stand_in
    asked = at.start_query_execution(QueryString="SELECT * FROM incidents", WorkGroup="tenfour")["QueryExecutionId"]
    while _state(at, asked) != "SUCCEEDED":
        pass
    page = at.get_query_results(QueryExecutionId=asked, MaxResults=3)

    assert len(page["ResultSet"]["Rows"]) == 3
    for token in ("x", "9999"):
        with pytest.raises(ClientError, match="Invalid pagination token"):
            at.get_query_results(QueryExecutionId=asked, NextToken=token)


def test_botocores_own_model_decides_what_passes(stand_in):
    _, at = stand_in
    names = "StartQueryExecution", "StopQueryExecution"
    wrong, unknown = (
        httpx.post(
            at.meta.endpoint_url,
            headers={"x-amz-target": f"AmazonAthena.{name}"},
            json={"QueryString": 1},
            timeout=LONGEST,
            trust_env=False,
        )
        for name in names
    )

    assert (wrong.status_code, wrong.json()["__type"]) == (400, "InvalidRequestException")
    assert "QueryString" in wrong.json()["Message"]
    assert (unknown.status_code, unknown.json()["__type"]) == (400, "UnknownOperationException")


def test_clients_find_it_by_the_variable_that_functions_get(stand_in, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_ATHENA", stand_in[1].meta.endpoint_url)

    found = boto3.client("athena", region_name="us-west-2", aws_access_key_id="a", aws_secret_access_key="b")

    assert lake(found).query("SELECT 2 AS two").rows == ((2,),)


def _state(at, execution):
    return at.get_query_execution(QueryExecutionId=execution)["QueryExecution"]["Status"]["State"]
