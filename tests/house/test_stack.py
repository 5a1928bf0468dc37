"""An auditor's rules over the packaged template; docs/operator/security.md says what is excused."""

import json
import re

import pytest

from chalicelib.aws.stores.noted import NOTED
from tenfour.common.paths import ROOT
from tenfour.stack.package import here, package
from tenfour.stack.template import merged
from tests.house.test_layout import SERVERS

TEMPLATE = merged()
KEY = {"Fn::GetAtt": ["DataKey", "Arn"]}
STAYS = ("Retain", "RetainExceptOnCreate")
TOKENS = ("/s/{token}", "/u/{token}")


@pytest.fixture(scope="module")
def packaged():
    """The template as it is deployed, Chalice's part included."""
    return json.loads(package(here()).template.read_text())


NOT_RESTORED = "Sessions"
"""A table that goes with the stack: restored, it would let people in again whom somebody shut out."""


def of(kind, template=TEMPLATE):
    found = {name: each for name, each in template["Resources"].items() if each.get("Type") == kind}
    assert found, kind
    return found.items()


def texts(node):
    """Return every text in a template, keys left out."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for item in node.values() if isinstance(node, dict) else node:
            yield from texts(item)


def test_every_arn_has_its_partition_from_the_region_it_is_in(packaged):
    arns = {text for text in texts(packaged["Resources"]) if re.search(r"\barn:", text)}

    assert arns
    assert not {arn for arn in arns if re.search(r"\barn:(?!\$\{AWS::Partition\}:)", arn)}
    assert not {
        text for text in texts(packaged["Resources"]) if re.search(r"amazonaws\.com(?!$)|us-(east|west)-\d", text)
    }


def test_everything_at_rest_is_encrypted_with_the_agencys_key():
    for _, table in of("AWS::DynamoDB::Table"):
        assert table["Properties"]["SSESpecification"]["KMSMasterKeyId"] == KEY
    for kind in ("AWS::SQS::Queue", "AWS::SNS::Topic"):
        for _, each in of(kind):
            assert each["Properties"]["KmsMasterKeyId"] == {"Ref": "DataKey"}
    for kind in ("AWS::SecretsManager::Secret", "AWS::Logs::LogGroup"):
        for _, each in of(kind):
            assert each["Properties"]["KmsKeyId"] == KEY
    for _, bucket in of("AWS::S3::Bucket"):
        (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == KEY
    for _, workgroup in of("AWS::Athena::WorkGroup"):
        settings = workgroup["Properties"]["WorkGroupConfiguration"]
        assert settings["ResultConfiguration"]["EncryptionConfiguration"]["KmsKey"] == KEY
        assert settings["EnforceWorkGroupConfiguration"]
        assert settings["BytesScannedCutoffPerQuery"]
    for _, key in of("AWS::KMS::Key"):
        assert key["Properties"]["EnableKeyRotation"]


def test_buckets_are_nobodys_but_ours_and_speak_tls_only():
    policies = {each["Properties"]["Bucket"]["Ref"]: each for _, each in of("AWS::S3::BucketPolicy")}
    for name, bucket in of("AWS::S3::Bucket"):
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
        statements = policies[name]["Properties"]["PolicyDocument"]["Statement"]
        assert {"Bool": {"aws:SecureTransport": "false"}} in [each.get("Condition") for each in statements]
    for kind in ("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"):
        for _, policy in of(kind):
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
                assert statement["Principal"] != "*" or statement["Effect"] == "Deny"
                assert statement["Condition"]


def test_what_holds_data_can_be_restored_and_outlives_the_stack():
    keeps = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Logs::LogGroup")
    for kind in keeps:
        for name, each in of(kind):
            assert name == NOT_RESTORED or each["DeletionPolicy"] in STAYS
            assert name == NOT_RESTORED or each["UpdateReplacePolicy"] == "Retain"
    assert TEMPLATE["Resources"]["RootKey"]["DeletionPolicy"] in STAYS
    for name, table in of("AWS::DynamoDB::Table"):
        restored = table["Properties"].get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled")
        assert restored == (None if name == NOT_RESTORED else True), name


def test_the_ledger_can_not_be_deleted_and_its_copies_are_locked():
    ledger, copies = (TEMPLATE["Resources"][name]["Properties"] for name in ("Ledger", "LedgerCopies"))

    assert ledger["DeletionProtectionEnabled"]
    assert "TimeToLiveSpecification" not in ledger
    assert ledger["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert copies["ObjectLockEnabled"]
    assert copies["VersioningConfiguration"] == {"Status": "Enabled"}
    assert copies["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] == {
        "Mode": "GOVERNANCE",
        "Days": {"Ref": "LedgerRetentionDays"},
    }


def test_functions_add_to_the_ledger_and_to_its_copies_and_touch_nothing_else_of_it(packaged):
    granted = {
        (name.removesuffix("Role"), action)
        for name, role in of("AWS::IAM::Role", packaged)
        for policy in role["Properties"].get("Policies", ())
        for statement in policy["PolicyDocument"]["Statement"]
        if "Ledger" in json.dumps(statement.get("Resource"))
        for action in statement["Action"]
    }

    streams = {"DescribeStream", "GetRecords", "GetShardIterator"}
    copies = {("Export", f"dynamodb:{action}") for action in streams} | {("Export", "s3:PutObject")}
    writers = ("DeskPages", "Sweep")
    assert granted == copies | {(name, f"dynamodb:{action}") for name in writers for action in ("PutItem", "Query")}


def test_the_desk_writes_notes_to_their_partitions_and_proposals_to_the_others():
    policy = json.loads((ROOT / ".chalice" / "policy-desk.json").read_text())
    writes = [
        each for each in policy["Statement"] if "Ledger" in str(each["Resource"]) and "Put" in str(each["Action"])
    ]

    assert [each["Condition"] for each in writes] == [
        {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"*{NOTED}*"]}},
        {"ForAllValues:StringNotLike": {"dynamodb:LeadingKeys": ["*#*"]}},
    ]


def test_the_desk_publishes_whole_items_of_settings_and_changes_only_what_it_must():
    """A version is written whole. The attributes are of pauses, legal holds, drills, drafts and the tables in use."""
    policy = json.loads((ROOT / ".chalice" / "policy-desk.json").read_text())
    of_settings = [each for each in policy["Statement"] if each["Resource"] == {"Fn::GetAtt": ["Settings", "Arn"]}]

    changes = {each["Action"][0]: each.get("Condition") for each in of_settings if len(each["Action"]) == 1}
    named = ["document", "expires", "pauses", "pk", "sk", "tables", "version"]
    assert changes == {
        "dynamodb:UpdateItem": {"ForAllValues:StringEquals": {"dynamodb:Attributes": named}},
        "dynamodb:PutItem": None,
    }


def test_code_puts_an_entry_where_there_is_none_and_reads_and_no_more():
    stores = ROOT / "chalicelib" / "aws" / "stores"
    code = (stores / "ledger.py").read_text() + (stores / "noted.py").read_text()

    assert set(re.findall(r"\.(save|update|delete|put|query|scan|get|condition_check)\(", code)) == {
        "save",
        "query",
        "get",
    }
    assert re.findall(r"\.get\((.*?)[,)]", code) == ['"NewImage"', '"sk"', '"S"']  # of a stream's record
    assert code.count(".save(") == code.count("self._items.pk.does_not_exist()") == 3
    users = [path for path in (ROOT / "chalicelib").rglob("*.py") if "LedgerItem" in path.read_text()]
    assert {path.name for path in users} == {"tables.py", "ledger.py", "noted.py", "noted_purge.py", "database.py"}


def test_entries_are_deleted_by_a_purge_alone():
    code = (ROOT / "chalicelib" / "aws" / "stores" / "noted_purge.py").read_text()
    users = [path for path in (ROOT / "chalicelib").rglob("*.py") if ".ledger.purging" in path.read_text()]

    assert set(re.findall(r"\.(save|update|delete|put|query|scan|batch_write)\(", code)) == {
        "batch_write",
        "delete",
        "query",
    }
    assert [path.name for path in users] == ["purge.py"]


def test_no_role_may_do_anything_to_everything(packaged):
    for name, role in of("AWS::IAM::Role", packaged):
        for policy in role["Properties"].get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                assert not [action for action in statement["Action"] if "*" in action], name
                excused = statement["Action"] == ["dynamodb:ListStreams"] or "NotResource" in statement
                assert excused or statement["Resource"] != "*", name


def test_access_logs_have_routes_and_no_addresses():
    form = json.loads(TEMPLATE["Resources"]["RestAPI"]["Properties"]["AccessLogSetting"]["Format"])

    assert "$context.resourcePath" in form.values()
    assert not {"$context.path", "$context.customDomain.basePathMatched"} & set(form.values())
    assert not [
        value
        for value in form.values()
        if re.search(r"[pP]ath$|requestOverride|identity|querystring", value) and value != "$context.resourcePath"
    ]
    for setting in TEMPLATE["Resources"]["RestAPI"]["Properties"]["MethodSettings"]:
        assert (setting["DataTraceEnabled"], setting["LoggingLevel"]) == (False, "OFF")
    acl = json.dumps(TEMPLATE["Resources"]["PagesAcl"])
    assert '"SampledRequestsEnabled": true' not in acl


def test_each_route_is_served_by_its_function_and_throttled_apart(packaged):
    paths = packaged["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    limits = {
        (each["ResourcePath"].replace("~1", "/").replace("//", "/"), each["HttpMethod"])
        for each in packaged["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    }
    for path, methods in paths.items():
        public = path == "/" or path.startswith(("/s/", "/u/", "/real/", "/openapi."))
        wanted = "Pages" if public else "Callbacks" if path.startswith("/carriers/") else "APIHandler"
        served = ":function:${!stageVariables.desk}/" if path.startswith("/desk") else f"/${{{wanted}.Arn}}/"
        for method, entry in methods.items():
            assert served in entry["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"], path
            assert served == "/${APIHandler.Arn}/" or (path, method.upper()) in limits
    assert ("/*", "*") in limits


def test_the_functions_behind_the_api_have_room_of_their_own(packaged):
    names = {"APIHandler" if name == "api_handler" else name.title().replace("_", "") for name in SERVERS}
    for name in names:
        reserved = packaged["Resources"][name]["Properties"]["ReservedConcurrentExecutions"]
        assert reserved["Fn::If"][0] == "ReserveConcurrency"
        assert packaged["Resources"][f"{name}InvokePermission"]["Properties"]["FunctionName"] == {"Ref": name}
    roles = [packaged["Resources"][name]["Properties"]["Role"]["Fn::GetAtt"][0] for name in names]
    assert len(set(roles)) == len(names)


def test_every_function_logs_where_logs_end(packaged):
    for name, function in of("AWS::Serverless::Function", packaged):
        group = function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
        role = packaged["Resources"][function["Properties"]["Role"]["Fn::GetAtt"][0]]
        statements = role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
        (log,) = (each for each in statements if each["Sid"] == "Log")

        assert packaged["Resources"][group]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
        assert log["Resource"] == {"Fn::GetAtt": [group, "Arn"]}, name


def test_aws_acts_on_no_text_from_a_person_beside_us():
    """AWS's keywords match texts that begin with them: “Cancel that, he left” would opt a caller out.

    Every word that the FCC lists (47 CFR 64.1200(a)(10)) is heard by us: tests/domain/people/test_reply.py.
    """
    pools = [pool["Properties"] for _, pool in of("AWS::SMSVOICE::Pool")]

    for pool in pools:
        assert pool["SelfManagedOptOutsEnabled"] is True
        assert pool["TwoWay"] == {"Enabled": True, "ChannelArn": {"Ref": "RepliesTopic"}}
        assert "OptionalKeywords" not in pool
        assert set(pool["MandatoryKeywords"]) == {"STOP", "HELP"}
        assert all("911" in each["Message"] for each in pool["MandatoryKeywords"].values())


@pytest.mark.parametrize("name", TEMPLATE["Parameters"])
def test_every_parameter_is_optional_and_says_what_it_is(name):
    parameter = TEMPLATE["Parameters"][name]

    assert "Default" in parameter
    assert len(parameter["Description"]) > 30
    assert f"`{name}`" in (ROOT / "docs" / "operator" / "stack.md").read_text()


SENDERS = {"send_text_message": "sms-voice:SendTextMessage", "publish": "sns:Publish", "send_email": "ses:SendEmail"}
"""What the senders call at AWS, and the permission that it takes."""


def test_whoever_sends_may_call_what_the_senders_call(packaged):
    code = "".join(path.read_text() for path in (ROOT / "chalicelib" / "carriers").rglob("*.py"))
    called = {action for name, action in SENDERS.items() if re.search(rf"\.{name}\b", code)}
    granted = {
        name: {
            action
            for statement in packaged["Resources"][f"{name}Role"]["Properties"]["Policies"][0]["PolicyDocument"][
                "Statement"
            ]
            for action in statement["Action"]
            if action.startswith(("sms-voice:", "sns:", "ses:"))
        }
        for name in ("Deliver", "RecordReply", "Pages", "Sweep")
    }

    desks = {"sns:Publish", "ses:SendEmail"}
    assert granted == {"Deliver": called, "RecordReply": called, "Pages": desks, "Sweep": desks}
    assert called == set(SENDERS.values())
