"""The list of calls that `make audit` decides by a simulator of IAM is about this template.

A complete run holds it against the city's audit log (`tests/permissions.py`); here it is seen at once that it is old.
"""

import json

from chalicelib.domain.lake.tables import TABLES
from tenfour.common.paths import ROOT
from tests.house.test_stack import SENDERS
from tests.permissions import (
    AT_CARRIERS,
    ON_FAILURE,
    by_lambda,
    calls,
    differences,
    granted,
    granted_by_us,
    is_seen,
    of_athena,
)


def test_the_calls_are_those_that_the_template_grants():
    assert {call for call in calls() if is_seen(call)} == set(granted_by_us()) - {ON_FAILURE}


def test_what_lambda_calls_is_what_event_sources_and_log_groups_need():
    told = {call for call in calls() if not is_seen(call) and not AT_CARRIERS.match(call[1]) and not of_athena(call)}

    assert told == set(by_lambda())


def test_functions_that_send_call_each_carrier():
    told = {}
    for function, action, _ in calls():
        if AT_CARRIERS.match(action):
            told.setdefault(function, set()).add(action)

    texts, desks = set(SENDERS.values()), {"sns:Publish", "ses:SendEmail"}
    assert told == {"Deliver": texts, "RecordReply": texts, "Pages": desks, "Sweep": desks}


def test_a_call_that_is_new_or_gone_is_told_and_the_new_list_is_written(tmp_path):
    kept, gone, new = (
        ("Pages", "dynamodb:GetItem", "A"),
        ("Pages", "dynamodb:Query", "A"),
        ("Pages", "s3:GetObject", "B"),
    )
    by_aws = ("Pages", "kms:Decrypt", "DataKey")
    file = tmp_path / "calls.txt"

    assert differences({kept, by_aws}, {kept}, file) == []
    assert not file.exists()
    found = differences({kept, gone, by_aws}, {kept, new}, file)
    assert found[:2] == [
        "Pages s3:GetObject B: called, not in calls.txt",
        "Pages dynamodb:Query A: in calls.txt, never called",
    ]
    assert {tuple(line.split()) for line in file.read_text().splitlines()} == {kept, new, by_aws}


def test_what_athena_is_asked_for_and_calls_itself_is_what_the_template_grants():
    told = {call for call in calls() if of_athena(call)}

    assert told == {call for call in granted() if of_athena(call)}
    assert {action for _, action, where in told if where == "AnalystWorkgroup"} == {
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:StartQueryExecution",
    }


def test_the_desk_reads_the_lake_through_athena_alone_and_each_table_of_it():
    policy = json.loads((ROOT / ".chalice" / "policy-desk.json").read_text())["Statement"]
    (read,) = [each for each in policy if each["Sid"] == "ReadTheLakeWithAthena"]
    of_its_own = {"EraseComments", "FindCommentsInTheLake"}
    of_lake = [each for each in policy if "Lake" in json.dumps(each["Resource"]) and each["Sid"] not in of_its_own]
    via = {"ForAnyValue:StringEquals": {"aws:CalledVia": ["athena.amazonaws.com"]}}

    tables = {each["Fn::Sub"].split("/")[2] for each in read["Resource"]}
    assert tables == TABLES.keys() - {"comments"}  # which it reads and writes itself, to erase
    asked = [each for each in policy if each["Action"][0].startswith("glue:")]
    assert len(of_lake) == 4
    assert [each["Condition"] for each in (*of_lake, *asked)] == [via] * 6
