"""What CloudFormation makes of the package: the template after SAM's transform, held against AWS's own words."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import boto3
import pytest
import trino_sql_validator

from chalicelib.carriers.end_user_messaging.events import STATES
from tenfour.stack.place import stack_name
from tests.transformed import COMMERCIAL, GOVERNMENT, of, transformed, write_transformed

API_TAG = re.compile(r"[\w .:/=+@-]{0,256}")
"""API Gateway's letters for the value of a tag ("letters, numbers, spaces, and + - = . _ : /", and @)."""

BY_SERVICE = re.compile("aws:Source(Account|Arn)|kms:EncryptionContext:aws:logs:arn")
"""Conditions that tie a service's permission to this account: without one, anybody's use of the service has it."""


def resources(region=COMMERCIAL):
    return transformed(region)["Resources"]


def nodes(node):
    """Return every dictionary in a part of the template."""
    if isinstance(node, dict):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(each)


def named(reference):
    """Return the resource that a reference leads to."""
    (way, where) = next(iter(reference.items()))
    return where[0] if way == "Fn::GetAtt" else where


def test_the_api_has_one_stage_and_nothing_makes_another():
    """A deployment that names a stage makes it: without throttles, logs or a firewall."""
    (stage,) = of("AWS::ApiGateway::Stage").values()
    (deployment,) = of("AWS::ApiGateway::Deployment").values()

    assert len(of("AWS::ApiGateway::RestApi")) == 1
    assert stage["Properties"]["StageName"] == "api"
    assert {"MethodSettings", "AccessLogSetting"} <= stage["Properties"].keys()
    assert "StageName" not in deployment["Properties"]
    assert "StageDescription" not in deployment["Properties"]


def test_there_are_the_functions_roles_and_timers_that_we_mean_and_no_more():
    functions = of("AWS::Lambda::Function")
    timers = [each["Properties"]["Targets"] for each in of("AWS::Events::Rule").values()]

    assert functions.keys() == {
        *("APIHandler", "Pages", "Callbacks", "DeskPages"),
        *("Sweep", "Deliver", "RecordReceipt", "RecordReply", "Export", "Compact"),
    }
    assert len({named(each["Properties"]["Role"]) for each in functions.values()}) == len(functions)
    assert len(of("AWS::IAM::Role")) == len(functions) + 1  # API Gateway's, for its logs
    assert sorted(named(target["Arn"]) for targets in timers for target in targets) == ["Compact", "DeskPages", "Sweep"]
    assert not {each["Type"] for each in resources().values()} & {
        *("AWS::Lambda::Url", "AWS::Lambda::Alias", "AWS::Lambda::Version", "AWS::IAM::Policy", "AWS::IAM::User")
    }


def test_functions_are_called_by_the_api_three_timers_and_eight_sources_and_by_nobody_else():
    permissions = [each["Properties"] for each in of("AWS::Lambda::Permission").values()]
    sources = [each["Properties"] for each in of("AWS::Lambda::EventSourceMapping").values()]

    assert Counter((named(each["FunctionName"]), each["Principal"]) for each in permissions) == {
        ("APIHandler", "apigateway.amazonaws.com"): 1,
        ("Pages", "apigateway.amazonaws.com"): 1,
        ("Callbacks", "apigateway.amazonaws.com"): 1,
        ("DeskPages", "apigateway.amazonaws.com"): 1,
        ("DeskPages", "events.amazonaws.com"): 1,
        ("Sweep", "events.amazonaws.com"): 1,
        ("Compact", "events.amazonaws.com"): 1,
    }
    assert all(each["SourceArn"] for each in permissions)
    assert Counter((named(each["FunctionName"]), named(each["EventSourceArn"])) for each in sources) == {
        ("Deliver", "Hints"): 1,
        ("DeskPages", "DeskJobs"): 1,
        ("RecordReceipt", "Receipts"): 1,
        ("RecordReply", "Replies"): 1,
        ("Export", "Incidents"): 1,
        ("Export", "Surveys"): 1,
        ("Export", "Contacts"): 1,
        ("Export", "Ledger"): 1,
    }


def test_what_a_parameter_changes_of_the_api_changes_its_stage_too():
    """Only a change of a stage puts it into force, and the deployment's name does not depend on parameters."""
    (api,), (stage,) = of("AWS::ApiGateway::RestApi").values(), of("AWS::ApiGateway::Stage").values()
    parameters = transformed()["Parameters"].keys()

    def switches(part):
        conditions = {node["Fn::If"][0] for node in nodes(part) if "Fn::If" in node}
        return conditions | {node["Ref"] for node in nodes(part) if node.get("Ref") in parameters}

    assert switches(api) == {"OwnDomains"}
    assert switches(api) <= switches(stage["Properties"]["Variables"])


def test_every_door_speaks_tls_1_2_or_later():
    (api,) = of("AWS::ApiGateway::RestApi").values()
    doors = [api, *of("AWS::ApiGateway::DomainName").values()]

    assert {door["Properties"]["SecurityPolicy"] for door in doors} == {"TLS_1_2"}


def test_the_api_hands_bodies_over_as_they_were_sent():
    """A signature is over bytes. What the API takes for text it decodes as UTF-8, and spoils whatever is not."""
    (api,) = of("AWS::ApiGateway::RestApi").values()

    assert api["Properties"]["Body"]["x-amazon-apigateway-binary-media-types"] == ["*/*"]


def test_tags_of_the_api_have_the_letters_that_api_gateway_takes():
    tags = [tag for each in of("AWS::ApiGateway::Stage").values() for tag in each["Properties"]["Tags"]]
    values = [value for tag in tags for value in _texts(tag["Value"])]

    assert values
    assert [value for value in values if not API_TAG.fullmatch(value)] == []


def _texts(value):
    """Return the texts that a value may become."""
    if isinstance(value, str):
        return [value]
    return [text for each in value.get("Fn::If", [])[1:] for text in _texts(each)]


@pytest.mark.parametrize("stage", ["prod", "check", "rehearsal123"])
def test_every_name_that_sql_must_say_needs_no_quotes(stage):
    """Athena's own grammar reads them; Glue makes up a name with hyphens for a database that has none."""
    (database,) = of("AWS::Glue::Database").values()
    name = _filled(database["Properties"]["DatabaseInput"]["Name"], stack_name(stage))

    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    for each in of("AWS::Glue::Table").values():
        table = each["Properties"]["TableInput"]
        columns = [column["Name"] for column in table["StorageDescriptor"]["Columns"]]
        columns += [column["Name"] for column in table.get("PartitionKeys", ())]
        sql = f"SELECT {', '.join(columns)} FROM {name}.{table['Name']}"
        assert columns
        assert trino_sql_validator.validate(sql).valid, sql


def _filled(value, stack):
    match value:
        case {"Ref": "AWS::StackName"}:
            return stack
        case {"Fn::Split": [delimiter, text]}:
            return _filled(text, stack).split(delimiter)
        case {"Fn::Join": [delimiter, parts]}:
            return delimiter.join(_filled(parts, stack))
    return value


def test_what_stays_after_the_stack_stands_in_no_later_stacks_way():
    """A name that we give is taken by what stays: the next stack could not be made. `destroy` deletes identities."""
    names = re.compile(r"(\w*Name|EmailIdentity)")
    kept = {name: each for name, each in resources().items() if each.get("DeletionPolicy", "Delete") != "Delete"}
    given = {
        name: json.dumps(value)
        for name, each in kept.items()
        for key, value in each["Properties"].items()
        if names.fullmatch(key) and "AWS::StackId" not in json.dumps(value)
    }

    assert len(kept) > 20
    assert given == {"EmailIdentity": '{"Ref": "EmailDomain"}'}


def test_of_a_creation_that_fails_nothing_stays_but_what_can_not_go():
    """What is protected can't be deleted, and API Gateway goes on using the account's role."""
    kept = {name for name, each in resources().items() if each.get("DeletionPolicy") == "Retain"}
    protected = {
        name
        for name, each in resources().items()
        if {"DeletionProtectionEnabled": True, "DeletionProtection": "ACTIVE"}.items() & _plain(each).items()
    }

    assert kept == protected | {"ApiAccountRole"}
    assert protected == {"Ledger", "DeskUsers"}


def _plain(resource):
    """Return the properties of a resource that are one word each."""
    return {name: value for name, value in resource.get("Properties", {}).items() if isinstance(value, bool | str)}


def test_a_pool_says_that_it_can_be_deleted():
    """A release before protected it. To leave the property out says nothing, and a stack with such a pool can't go."""
    for name, each in of("AWS::SMSVOICE::Pool").items():
        assert each["Properties"]["DeletionProtectionEnabled"] is False, name


def test_a_workgroup_that_was_used_can_be_deleted():
    for name, each in of("AWS::Athena::WorkGroup").items():
        assert each["Properties"]["RecursiveDeleteOption"] is True, name


def test_results_of_queries_end_wherever_a_workgroup_puts_them():
    rules = resources()["Lake"]["Properties"]["LifecycleConfiguration"]["Rules"]
    ending = {
        rule["Prefix"] for rule in rules if rule["Status"] == "Enabled" and rule.get("ExpirationInDays", 999) <= 30
    }
    for name, each in of("AWS::Athena::WorkGroup").items():
        where = each["Properties"]["WorkGroupConfiguration"]["ResultConfiguration"]["OutputLocation"]["Fn::Sub"]
        assert where.removeprefix("s3://${Lake}/") in ending, name


def test_receipts_are_asked_for_where_they_settle_something_and_nowhere_else():
    (destination,) = resources()["TextConfiguration"]["Properties"]["EventDestinations"]
    asked = destination["MatchingEventTypes"]
    model = boto3.client("pinpoint-sms-voice-v2", region_name=COMMERCIAL).meta.service_model
    texts = {name for name in model.shape_for("EventType").enum if name.startswith("TEXT_")}

    assert set(asked) == {name for name, state in STATES.items() if state is not None}
    assert set(asked) < texts
    assert set(STATES) == texts - {"TEXT_ALL"}


def test_services_use_our_key_topics_and_queues_for_this_account_alone():
    kinds = {
        "AWS::KMS::Key": "KeyPolicy",
        "AWS::SNS::TopicPolicy": "PolicyDocument",
        "AWS::SQS::QueuePolicy": "PolicyDocument",
        "AWS::S3::BucketPolicy": "PolicyDocument",
    }
    found = [
        (name, statement)
        for kind, where in kinds.items()
        for name, each in of(kind).items()
        for statement in each["Properties"][where]["Statement"]
        if statement["Effect"] == "Allow" and isinstance(statement["Principal"], dict)
        if "Service" in statement["Principal"]
    ]

    assert len(found) >= 5
    assert [name for name, each in found if not BY_SERVICE.search(json.dumps(each.get("Condition", {})))] == []


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("", True),
        ("city.example", True),
        ("mail.city-of.example", True),
        ("no-reply@city.example", False),
        ("city", False),
    ],
)
def test_the_domain_that_emails_go_from_is_a_domain(given, taken):
    pattern = transformed()["Parameters"]["EmailDomain"]["AllowedPattern"]

    assert bool(re.fullmatch(pattern, given)) == taken


@pytest.mark.parametrize("region", [COMMERCIAL, GOVERNMENT])
def test_cloudformations_own_schemas_take_it(region, tmp_path):
    lint = [Path(sys.executable).with_name("cfn-lint"), "--format", "parseable", "--regions", region, "--"]

    linted = subprocess.run([*lint, write_transformed(tmp_path, region)], capture_output=True, text=True, check=False)

    assert linted.returncode == 0, linted.stdout
