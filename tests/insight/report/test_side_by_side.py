"""A report's questions run side by side on Athena: one after the other they take longer than a chunk may."""

import pytest

from chalicelib.insight.figures.athena import Athena
from chalicelib.insight.figures.source import QueryFailed


class Client:
    """Athena's client, which writes down what it is asked; each answer is the query's own text."""

    def __init__(self, *, fails="") -> None:
        self.asked, self._fails = [], fails

    def start_query_execution(self, **given):
        self.asked.append(f"start {given['QueryString']} in {given['WorkGroup']}")
        return {"QueryExecutionId": given["QueryString"]}

    def get_query_execution(self, **given):
        self.asked.append(f"look at {given['QueryExecutionId']}")
        state = "FAILED" if given["QueryExecutionId"] == self._fails else "SUCCEEDED"
        return {"QueryExecution": {"Status": {"State": state}, "Statistics": {"DataScannedInBytes": 7}}}

    def get_paginator(self, _):
        return self

    def paginate(self, **given):
        columns = [{"Name": "sql", "Type": "varchar"}]
        rows = [{"Data": [{"VarCharValue": text}]} for text in ("sql", given["QueryExecutionId"])]
        return [{"ResultSet": {"ResultSetMetadata": {"ColumnInfo": columns}, "Rows": rows}}]


def test_all_begin_before_any_is_waited_for_and_answers_keep_their_order():
    client = Client()
    found = Athena(client, "desk", "tenfour").queries(["one", "two FROM comments"])

    assert client.asked == [
        "start one in desk",
        "start two FROM comments in desk-comments",
        "look at one",
        "look at two FROM comments",
    ]
    assert [one.dicts() for one in found] == [[{"sql": "one"}], [{"sql": "two FROM comments"}]]
    assert sum(one.scanned for one in found) == 14


def test_one_that_fails_fails_them_all():
    with pytest.raises(QueryFailed):
        Athena(Client(fails="two"), "desk", "tenfour").queries(["one", "two"])
