"""The policies of our pages: the deployer's held against what CloudFormation says that it calls for each type."""

import json
import re
from fnmatch import fnmatchcase

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from tenfour.common.paths import ROOT
from tests.transformed import COMMERCIAL, GOVERNMENT, transformed

NOT_OURS = {
    "amplify": "a firewall before other services than API Gateway",
    "apprunner": "the same",
    "appsync": "the same",
    "bedrock-agentcore": "the same",
    "ec2": "the same, and functions in a VPC",
    "elasticloadbalancing": "the same",
    "payments": "the same",
    "elasticfilesystem": "functions with a file system",
    "s3files": "the same",
    "firehose": "logs that are delivered elsewhere",
    "kinesis": "tables with a Kinesis stream",
    "s3tables": "buckets of tables",
}
"""Services that CloudFormation calls for features that no resource of ours has."""

NOT_USED = (
    *("glue:*connection", "iam:*rolepermissionsboundary"),
    *("sms-voice:*protectconfiguration", "sms-voice:*default*"),
    "cognito-idp:*webacl*",  # a firewall before a pool
    *("cloudfront:updatedistribution", "kms:reencryptfrom", "kms:reencryptto"),  # a pool's own domain, or its own key
    "lakeformation:createtable",  # is in the schemas, and no action that IAM knows
)
"""Actions for such features of services that we use."""

WITHOUT_RESOURCE = {
    *("logs:createlogdelivery", "logs:deleteindexpolicy", "logs:deleteresourcepolicy", "logs:putindexpolicy"),
    *("logs:putresourcepolicy", "logs:describeloggroups", "secretsmanager:getrandompassword"),
    *("sns:getsubscriptionattributes", "sns:setsubscriptionattributes", "sns:unsubscribe"),
    *("lambda:getaccountsettings", "ses:getaccount", "wafv2:listwebacls", "kms:createkey"),
}
"""Actions that name no resource (service authorization reference): granted on some alone, they are granted on none."""

LONGEST = 6144
"""Characters of a managed policy, without blanks (IAM's quotas)."""


TABLE, BUCKET = "arn:aws:dynamodb:us-west-2:123456789012:table/", "arn:aws:s3:::"
LEDGER, OF_OTHERS, SETTINGS = (
    f"{TABLE}{name}-1A2B" for name in ("tenfour-Ledger", "tenfour-b-Ledger", "tenfour-Settings")
)
COPY = f"{BUCKET}tenfour-ledgercopies-1a2b/ledger/springfield/1"


def policy(heading="### A policy for the one who deploys"):
    text = (ROOT / "docs" / "operator" / "deploy.md").read_text()
    found = re.search(rf"^{heading}$.*?```json\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    assert found
    return json.loads(found[1])


def may(action, resource):
    """Tell whether the policy of the two people lets somebody do something to a resource."""
    for statement in policy("## Two roles")["Statement"]:
        actions, named = statement["Action"], statement.get("Resource", statement.get("NotResource"))
        assert (statement["Effect"], "Condition" in statement) == ("Allow", False)
        if action in ([actions] if isinstance(actions, str) else actions):
            found = any(fnmatchcase(resource, each) for each in ([named] if isinstance(named, str) else named))
            if found != ("NotResource" in statement):
                return True
    return False


def granted(*, on_everything=False):
    """Return the patterns of actions that the policy allows, in lower case as IAM compares them."""
    for statement in policy()["Statement"]:
        if on_everything and statement["Resource"] != "*":
            continue
        actions = statement["Action"]
        yield from (action.lower() for action in ([actions] if isinstance(actions, str) else actions))


def wanted(region):
    """Return what CloudFormation calls to make, change, read and delete our types: each action with its type."""
    for kind in sorted({each["Type"] for each in transformed(region)["Resources"].values()}):
        handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, kind).schema.get("handlers", {})
        for way in ("create", "read", "update", "delete"):
            for action in handlers.get(way, {}).get("permissions", ()):
                yield action.lower(), kind


@pytest.mark.parametrize("region", [COMMERCIAL, GOVERNMENT])
def test_whoever_deploys_may_do_what_cloudformation_does_on_their_behalf(region):
    allowed, needed = list(granted()), set(wanted(region))
    missing = {
        (action, kind)
        for action, kind in needed
        if action.partition(":")[0] not in NOT_OURS
        if not any(fnmatchcase(action, way) for way in (*allowed, *NOT_USED))
    }

    assert len(needed) > 200
    assert missing == set()


def test_actions_that_name_no_resource_are_allowed_on_everything():
    allowed = list(granted(on_everything=True))

    assert {each for each in WITHOUT_RESOURCE if not any(fnmatchcase(each, way) for way in allowed)} == set()


def test_the_policy_is_as_short_as_iam_wants():
    assert len(re.sub(r"\s", "", json.dumps(policy()))) <= LONGEST


def test_nothing_is_excused_that_nobody_asks_for():
    asked = {action for action, _ in wanted(COMMERCIAL)}

    assert NOT_OURS.keys() <= {action.partition(":")[0] for action in asked}
    assert all(any(fnmatchcase(action, way) for action in asked) for way in NOT_USED)


@pytest.mark.parametrize(
    "called", ["acm:DescribeCertificate", "apigateway:SetWebACL", "events:PutRule", "kms:CreateGrant"]
)
def test_what_the_schemas_leave_out_is_allowed_too(called):
    """API Gateway reads a domain's certificate, and WAF asks it before it stands in front of a stage."""
    assert any(fnmatchcase(called.lower(), way) for way in granted())


def test_what_is_checked_and_destroyed_by_the_command_is_allowed():
    wanted = {
        *("cloudformation:ListStackResources", "lambda:GetAccountSettings", "lambda:GetFunctionConcurrency"),
        *("ses:GetEmailIdentity", "ses:DeleteEmailIdentity", "sms-voice:DescribePhoneNumbers"),
        *("sms-voice:GetResourcePolicy", "apigateway:GET"),
    }
    allowed = list(granted())

    assert {each for each in wanted if not any(fnmatchcase(each.lower(), way) for way in allowed)} == set()


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        *((f"dynamodb:{way}", LEDGER) for way in ("PutItem", "Query", "DescribeTable")),
        *((f"dynamodb:{way}Item", SETTINGS) for way in ("Put", "Get", "Update", "Delete", "ConditionCheck")),
        ("cloudformation:DescribeStacks", "arn:aws:cloudformation:us-west-2:123456789012:stack/tenfour/0a1b"),
    ],
)
def test_two_people_may_do_what_an_act_takes(action, resource):
    assert may(action, resource)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        *((f"dynamodb:{way}", LEDGER) for way in ("DeleteItem", "UpdateItem", "BatchWriteItem", "DeleteTable")),
        *((f"dynamodb:{way}", OF_OTHERS) for way in ("PutItem", "DeleteItem", "UpdateItem", "BatchWriteItem")),
        *((f"s3:{way}", COPY) for way in ("PutObject", "DeleteObject", "DeleteObjectVersion", "PutObjectRetention")),
        ("s3:BypassGovernanceRetention", COPY),
        ("dynamodb:UpdateTable", LEDGER),
        ("dynamodb:UpdateContinuousBackups", LEDGER),
    ],
)
def test_none_of_two_people_can_change_an_entry_or_its_copy_or_touch_the_ledger_of_another_stage(action, resource):
    assert not may(action, resource)


def test_the_ledger_and_its_copies_have_names_that_cloudformation_makes_as_the_policy_says():
    resources = transformed(COMMERCIAL)["Resources"]

    assert "TableName" not in resources["Ledger"]["Properties"]
    assert "BucketName" not in resources["LedgerCopies"]["Properties"]
