"""Athena's own client, answered by a stand-in that runs the same SQL here and answers as the API does."""

import pytest

from chalicelib.insight.figures.athena import Athena
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import QueryFailed
from tenfour.figures.local import LocalLake
from tests.insight.lake.rows import sample, write
from tests.insight.lake.test_queries import QUARTER

TYPES = {int: "bigint", float: "double", str: "varchar", bool: "boolean", type(None): "varchar"}


class StandIn:
    """The calls of Athena's API that are made, over a lake on this machine; results come in pages of seven rows."""

    def __init__(self, lake, failure="") -> None:
        self.lake, self.failure, self.asked, self.states = lake, failure, [], ["QUEUED", "RUNNING", "SUCCEEDED"]

    def start_query_execution(self, **asked):
        self.asked.append((asked["WorkGroup"], asked["QueryExecutionContext"]["Database"]))
        self.found = self.lake.query(asked["QueryString"])
        return {"QueryExecutionId": "e1"}

    def get_query_execution(self, **asked):
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        status = {"State": "FAILED", "StateChangeReason": self.failure} if self.failure else {"State": state}
        return {"QueryExecution": {"Status": status, "Statistics": {"DataScannedInBytes": self.found.scanned}}}

    def get_paginator(self, name):
        assert name == "get_query_results"
        return self

    def paginate(self, **asked):
        names = [{"VarCharValue": name} for name in self.found.names]
        rows = [{"Data": [_cell(value) for value in row]} for row in self.found.rows]
        kinds = [_kind([row[place] for row in self.found.rows]) for place in range(len(names))]
        described = [{"Name": name, "Type": kind} for name, kind in zip(self.found.names, kinds, strict=True)]
        every = [{"Data": names}, *rows]
        for start in range(0, len(every), 7):
            page = {"Rows": every[start : start + 7], "ResultSetMetadata": {"ColumnInfo": described}}
            yield {"ResultSet": page}


def _cell(value):
    return {} if value is None else {"VarCharValue": str(value)}


def _kind(values):
    return next((TYPES[type(value)] for value in values if value is not None), "varchar")


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return LocalLake(write(tmp_path_factory.mktemp("athena"), sample(incidents=60)))


@pytest.mark.parametrize("name", ["satisfaction", "repeat_contacts", "calls", "comments"])
def test_athenas_answer_is_read_as_the_same_values(here, name):
    stand_in, waits = StandIn(here), []
    sql = query(name).during(*QUARTER)

    found = Athena(stand_in, "tenfour", "lake", waits.append).query(sql)

    assert found == here.query(sql)
    assert len(waits) == 2
    assert stand_in.asked == [("tenfour-comments" if name == "comments" else "tenfour", "lake")]


def test_what_athena_says_when_it_fails_is_told(here):
    with pytest.raises(QueryFailed, match="SYNTAX_ERROR: line 1"):
        Athena(StandIn(here, "SYNTAX_ERROR: line 1"), "tenfour", "lake").query("SELECT 1")
