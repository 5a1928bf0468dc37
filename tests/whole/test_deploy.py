"""A stack from its package into an account, by the command, and away again: the emulator is the account.

A small server stands in for what the emulator lacks: End User Messaging's side of an account.
"""

import json
import os
import re
import shutil
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

import boto3
import httpx
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.virtual.carrier import TakenMessage
from rigs.carrier_simulator.events import encode, receipts
from rigs.city.city import lock
from rigs.city.deploy import for_emulator
from rigs.city.serve import address, bound_socket, serving
from tenfour.common.paths import AGENCIES, ROOT
from tenfour.common.reach import client
from tenfour.stack.destroy import HOLDS_DATA, keepers
from tenfour.stack.package import here, package
from tenfour.stack.place import Place
from tests import command
from tests.house.test_deploy_policy import policy
from tests.house.test_stack import NOT_RESTORED
from tests.tenfour.fake_account import Account
from tests.waiting import LONGEST

STAGE, STACK = "check", "tenfour-check"


class OwnDomain:
    """The agency's own domain, which leads to the API of a stack once there is one."""

    def __init__(self, endpoint: str, stack: str = STACK) -> None:
        self._endpoint, self._stack = endpoint, stack

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self.forward, methods=["GET", "POST"])])

    async def forward(self, request: Request) -> Response:
        described = client("cloudformation", self._endpoint).describe_stacks(StackName=self._stack)["Stacks"][0]
        api = next(item["OutputValue"] for item in described["Outputs"] if item["OutputKey"] == "RestAPIId")
        url = f"{self._endpoint}/restapis/{api}/api/_user_request_{request.url.path}"
        async with httpx.AsyncClient(timeout=LONGEST, trust_env=False) as proxy:
            kept = {name: value for name, value in request.headers.items() if name.startswith(("webhook", "content-t"))}
            answer = await proxy.request(request.method, url, headers=kept, content=await request.body())
        return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return a package as `tenfour package --out` makes one, without what the emulator does not know."""
    packaged, out = package(here()), tmp_path_factory.mktemp("package")
    template = for_emulator(json.loads(packaged.template.read_text()))
    for resource in template["Resources"].values():
        if "CodeUri" in resource.get("Properties", {}):
            resource["Properties"]["CodeUri"] = "./code.zip"
    (out / "template.json").write_text(json.dumps(template))
    (out / "code.zip").write_bytes(packaged.code.read_bytes())
    return out


@pytest.fixture(scope="module")
def place(stack):
    """Return the environment in which a command finds the account, and the agency's own domain."""
    account, domain = bound_socket(0), bound_socket(0)
    with serving(Account().app(), account), serving(OwnDomain(stack.aws_endpoint).app(), domain):
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ENDPOINT_URL": stack.aws_endpoint,
            "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2": address(account),
            "AWS_ENDPOINT_URL_SESV2": address(account),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": stack.region,
            "AWS_DEFAULT_REGION": stack.region,
            "TENFOUR_STAGE": STAGE,
            "COLUMNS": "80",
        }
        yield environment, address(domain)


def emulated(stack):
    return Place(
        account="000000000000",
        region=stack.region,
        partition="aws",
        stage=STAGE,
        client=partial(client, endpoint=stack.aws_endpoint),
    )


def tables(stack):
    """Return the names of all tables; one answer has a hundred at most, and all tests share the city."""
    pages = client("dynamodb", stack.aws_endpoint).get_paginator("list_tables").paginate()
    return {name for page in pages for name in page["TableNames"]}


def is_there(stack, keeper):
    """Tell whether something that holds data is there, and not waiting for its end either."""
    made = partial(client, endpoint=stack.aws_endpoint)
    match keeper.type:
        case "AWS::DynamoDB::Table":
            return keeper.id in tables(stack)
        case "AWS::S3::Bucket":
            return keeper.id in {bucket["Name"] for bucket in made("s3").list_buckets()["Buckets"]}
        case "AWS::SecretsManager::Secret":
            return "DeletedDate" not in made("secretsmanager").describe_secret(SecretId=keeper.id)
        case "AWS::KMS::Key":
            return made("kms").describe_key(KeyId=keeper.id)["KeyMetadata"]["KeyState"] == "Enabled"
        case "AWS::Logs::LogGroup":
            return bool(made("logs").describe_log_groups(logGroupNamePrefix=keeper.id)["logGroups"])
    raise AssertionError(keeper.type)


def tenfour(environment, *words):
    with pytest.MonkeyPatch.context() as patched:
        for name in os.environ.keys() - environment.keys():
            patched.delenv(name)
        for name, value in environment.items():
            patched.setenv(name, value)
        return command.tenfour(*words)


def default_endpoint(stack):
    """Tell what the stage says of API Gateway's own address: only a change of the stage opens or closes it."""
    formation = client("cloudformation", stack.aws_endpoint)
    outputs = formation.describe_stacks(StackName=STACK)["Stacks"][0]["Outputs"]
    api = next(each["OutputValue"] for each in outputs if each["OutputKey"] == "RestAPIId")
    return client("apigateway", stack.aws_endpoint).get_stage(restApiId=api, stageName="api")["variables"][
        "default_endpoint"
    ]


def shadow_settings(folder):
    """Write the demo's settings as an agency begins with them."""
    file = folder / "demo.toml"
    file.write_text((AGENCIES / "demo.toml").read_text().replace('mode = "live"', 'mode = "shadow"'))
    shutil.copy(AGENCIES / "demo.judgements.csv", folder)
    return str(file)


def outputs_of(stack, name):
    described = client("cloudformation", stack.aws_endpoint).describe_stacks(StackName=name)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in described["Outputs"]}


def hired(stack, name):
    """Return the credentials of a new user who may do what the page's policy for two people says, and no more."""
    text = json.dumps(policy("## Two roles")).replace("123456789012", "000000000000")
    text = re.sub(r"tenfour(?=\*?[-/])", STACK, text)
    users = client("iam", stack.aws_endpoint)
    users.create_user(UserName=name)
    users.put_user_policy(UserName=name, PolicyName="two-people", PolicyDocument=text)
    key = users.create_access_key(UserName=name)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def two_people_go_live(stack, environment, folder):
    """Let an agency go live as two people do it, who may do no more than the page says."""
    file = folder / "live.toml"
    file.write_text((AGENCIES / "demo.toml").read_text())
    lead, second = (environment | hired(stack, f"{STACK}-{name}") for name in ("lead", "second"))

    said = tenfour(lead, "settings", "publish", file, "--comment", "live")
    assert (said.returncode, "this ends: shadow ends" in said.stdout) == (0, True), said
    (digest,) = re.findall(r"tenfour approve (\w+)", said.stdout)
    own = tenfour(lead, "approve", digest, "--yes")
    assert (own.returncode, "another person must approve it" in own.stderr) == (2, True), own
    done = tenfour(second, "approve", digest, "--yes")
    assert (done.returncode, "version 2, live" in done.stdout) == (0, True), done

    ledger = outputs_of(stack, STACK)["Ledger"]
    keys = {name.lower(): second[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    database = boto3.client("dynamodb", endpoint_url=stack.aws_endpoint, region_name=stack.region, **keys)
    (entry, *others) = database.query(
        TableName=ledger,
        KeyConditionExpression="pk = :agency",
        ExpressionAttributeValues={":agency": {"S": "springfield"}},
    )["Items"]
    assert len(others) == 2
    with pytest.raises(ClientError, match="AccessDenied"):
        database.delete_item(TableName=ledger, Key={"pk": entry["pk"], "sk": entry["sk"]})


def test_a_stack_is_checked_shown_deployed_tried_and_taken_away_without_its_data(stack, place, folder, tmp_path):
    environment, domain = place
    settings = shadow_settings(tmp_path)
    live = tenfour(
        environment, "deploy", "--stage", STAGE, "--package", str(folder), "--settings", AGENCIES / "demo.toml"
    )
    assert (live.returncode, "an agency begins in shadow" in " ".join(live.stdout.split())) == (1, True)
    common = ["deploy", "--stage", STAGE, "--package", str(folder), "--settings", settings, "--address", domain]
    common += ["--parameter", "MakeApiLogRole=false"]  # the city is of the same account

    looked = tenfour(environment, *common, "--dry-run", "--json")
    assert looked.returncode == 0, looked.stderr
    told = json.loads(looked.stdout)
    assert {change["action"] for change in told["changes"]} == {"Add"}
    assert told["address"] is None

    done = tenfour(environment, *common, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is stored and tells nobody" in done.stdout
    assert f"POST {domain}/cad/springfield/updates" in done.stdout
    assert "whsec_" not in done.stdout

    shown = tenfour(environment, "keys", "show", "springfield-cad-1")
    assert shown.stdout.startswith("whsec_"), shown.stderr
    again = tenfour(environment, *common, "--yes", "--json")
    assert json.loads(again.stdout)["changes"] == []
    assert json.loads(again.stdout)["key_name"] == "springfield-cad-1"

    two_people_go_live(stack, environment, tmp_path)

    gone = tenfour(environment, "destroy", "--stage", STAGE, "--yes")
    assert gone.returncode == 0, gone.stderr
    assert len([name for name in tables(stack) if name.startswith(f"{STACK}-")]) == 5
    with pytest.raises(client("cloudformation", stack.aws_endpoint).exceptions.ClientError):
        client("cloudformation", stack.aws_endpoint).describe_stacks(StackName=STACK)

    back = tenfour(environment, *common, "--yes", "--json")  # what the first one left stands in nobody's way
    assert back.returncode == 0, back.stderr
    ours = keepers(emulated(stack))
    assert {keeper.type for keeper in ours} == HOLDS_DATA - {"AWS::SMSVOICE::OptOutList"}
    lake = next(keeper.id for keeper in ours if keeper.name == "Lake")
    client("s3", stack.aws_endpoint).put_object(Bucket=lake, Key="lake/kept.json.gz", Body=b"somebody's")
    assert all(is_there(stack, keeper) for keeper in ours)

    assert default_endpoint(stack) == "open"
    own = {"PublicDomain": "tell.city.example", "CadDomain": "cad.city.example"}
    certificate = f"arn:aws:acm:{stack.region}:000000000000:certificate/1"
    own |= {"PublicCertificate": certificate, "CadCertificate": certificate, "CadTruststore": "s3://trust/ca.pem"}
    given = [word for name, value in own.items() for word in ("--parameter", f"{name}={value}")]
    later = tenfour(environment, *common, *given, "--yes", "--json")
    assert later.returncode == 0, later.stdout + later.stderr
    assert {"PublicDomainTarget", "CadDomainTarget"} <= dict(json.loads(later.stdout)["to_do"]).keys()
    assert default_endpoint(stack) == "closed"

    gone = tenfour(environment, "destroy", "--stage", STAGE, "--delete-data", STACK, "--yes")
    assert gone.returncode == 0, gone.stderr
    # The emulator lets a function that was at work make its log anew, which on AWS no role of ours may.
    assert {keeper.name for keeper in ours if is_there(stack, keeper)} <= {"SweepLogs"}


SERVICES = {"pinpoint-sms-voice-v2": "sms-voice", "sesv2": "ses"}
ACTIONS = {
    ("apigateway", "GetAccount"): "apigateway:GET",
    ("s3", "HeadBucket"): "s3:ListBucket",
    ("s3", "ListBuckets"): "s3:ListAllMyBuckets",
}
"""Services and calls that IAM knows by another name."""


def documented():
    """Return the patterns of actions that the documented policies allow, and those that they allow on everything."""
    text = (ROOT / "docs" / "operator" / "deploy.md").read_text()
    rehearsal = text.index("## Rehearse it first")
    blocks = [text[text.index("### A policy for the one") :], text[rehearsal:]]
    policies = [json.loads(re.search(r"```json\n(.*?)```", block, re.DOTALL)[1]) for block in blocks]
    statements = [each for policy in policies for each in policy["Statement"]]
    return tuple(
        [name for each in found for name in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])]
        for found in (statements, [each for each in statements if each["Resource"] == "*"])
    )


@contextmanager
def called(actions):
    """Note the action of each call to AWS."""
    call = BaseClient._make_api_call

    def noted(self, operation, arguments):
        service = self.meta.service_model.service_name
        named = ACTIONS.get((service, operation), f"{SERVICES.get(service, service)}:{operation}")
        actions.add(named)
        return call(self, operation, arguments)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", noted)
        yield


def telling(stack, name):
    """Return an account that publishes what becomes of each message that it took, to a stack's own topic.

    It also locks the ledger's copies, which the emulator's CloudFormation leaves out.
    """

    def took(request, message_id):
        text = "DestinationPhoneNumber" in request
        if request.get("DryRun"):
            return
        tags = {tag["Name"]: tag["Value"] for tag in request.get("EmailTags", ())}
        message = TakenMessage(
            id=message_id,
            provider="end_user_messaging" if text else "ses",
            channel="sms" if text else "email",
            to=request["DestinationPhoneNumber"] if text else request["Destination"]["ToAddresses"][0],
            body="",
            reference=(request["Context"] if text else tags)["notification"],
            at="",
            sender="",
        )
        outputs = outputs_of(stack, name)
        lock(outputs["LedgerCopies"], stack.aws_endpoint)
        for _, event in receipts(message, "deliver", TwilioAccount("", "")):
            client("sns", stack.aws_endpoint).publish(TopicArn=outputs["ReceiptsTopic"], Message=encode(event))

    return Account(took=took)


def test_a_rehearsal_tries_every_part_sends_to_simulators_alone_and_leaves_nothing(stack, place, folder, tmp_path):
    page, stage = tmp_path / "page.md", "tenfour-rehearsal"
    account, held, domain = telling(stack, stage), bound_socket(0), bound_socket(0)
    with serving(account.app(), held), serving(OwnDomain(stack.aws_endpoint, stage).app(), domain):
        carriers = dict.fromkeys(("AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2", "AWS_ENDPOINT_URL_SESV2"), address(held))
        words = ["--rehearse", "--yes", "--json", "--page", str(page), "--address", address(domain)]
        words += ["--package", str(folder), "--settings", str(AGENCIES / "demo.toml")]
        with called(actions := set()):
            done = tenfour(place[0] | carriers, "deploy", *words)

    assert done.returncode == 0, page.read_text() if page.exists() else done.stderr
    outcomes = {step["name"]: step["outcome"] for step in json.loads(done.stdout)["steps"]}
    assert outcomes.pop("log role") == "not tried"  # the city has one of its own
    assert (set(outcomes.values()), len(outcomes)) == ({"ok"}, 16)
    told = page.read_text()
    assert ("stored and tells nobody" in told, "sms: delivered" in told, "email: delivered" in told) == (True,) * 3
    assert not [secret for secret in ("000000000000", "springfield", "+1303555", "whsec_") if secret in told]

    allowed, on_everything = documented()
    free = {"sts:GetCallerIdentity", "sns:Publish"}  # nobody must be allowed the first; the second is the simulator's
    assert {each for each in actions - free if not any(fnmatchcase(each, way) for way in allowed)} == set()
    lists = {"dynamodb:ListTables", "lambda:ListFunctions", "s3:ListAllMyBuckets", "ses:SendEmail"}
    assert lists | {"sms-voice:SendTextMessage"} <= actions & set(on_everything)

    assert [(text["DestinationPhoneNumber"], text.get("DryRun")) for text in account.texts] == [
        ("+14254147755", True),
        ("+14254147755", None),
    ]
    assert [email["Destination"]["ToAddresses"] for email in account.emails] == [["success@simulator.amazonses.com"]]
    assert {item["ConfigurationSetName"] for item in (*account.texts, *account.emails)} == {stage}
    with pytest.raises(client("cloudformation", stack.aws_endpoint).exceptions.ClientError):
        client("cloudformation", stack.aws_endpoint).describe_stacks(StackName=stage)


def test_what_is_wrong_with_the_account_stops_it_before_anything_is_uploaded(stack, place, folder):
    environment, _ = place

    common = ["deploy", "--stage", "other", "--package", str(folder), "--parameter", "MakeApiLogRole=false"]
    done = tenfour(environment, *common, "--account", "999", "--yes", "--json")

    assert done.returncode == 1
    (wrong,) = [item for item in json.loads(done.stdout)["findings"] if item["level"] == "stop"]
    assert "sign in to 999" in wrong["says"]
    buckets = client("s3", stack.aws_endpoint).list_buckets()["Buckets"]
    assert not [bucket for bucket in buckets if "other" in bucket["Name"]]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["deploy", "--stage", "No Such"], "--stage: lower case"),
        (["deploy", "--json"], "--json goes with --yes or --dry-run"),
        (["deploy", "--parameter", "Half"], "--parameter: expected NAME=VALUE"),
        (["deploy", "--rehearse", "--dry-run"], "--rehearse deploys and deletes, --dry-run changes nothing"),
        (["deploy", "--rehearse", "--stage", "test"], "--stage: a rehearsal has a stage of its own, rehearsal"),
        (["deploy", "--rehearse", "--page", "no/such/page.md"], "--page no/such/page.md: expected a file in a folder"),
        (["destroy", "--stage", "nothere", "--yes"], "there is no stack 'tenfour-nothere'"),
        (["destroy", "--stage", STAGE, "--delete-data", "yes"], f"write the stack's name, {STACK}"),
        (["keys", "show", "nobody", "--stack", "nowhere.json"], "no running city"),
    ],
)
def test_bad_usage_is_one_line(place, words, says):
    done = tenfour(place[0], *words)

    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_template_retains_whatever_holds_data(folder):
    resources = json.loads((folder / "template.json").read_text())["Resources"]
    held = {name: each for name, each in resources.items() if each["Type"] in HOLDS_DATA and name != NOT_RESTORED}

    policies = {(each.get("DeletionPolicy"), each.get("UpdateReplacePolicy")) for each in held.values()}
    assert (len(held) > 8, policies) == (True, {("Retain", "Retain"), ("RetainExceptOnCreate", "Retain")})


def test_nothing_is_traced_unless_somebody_asks(folder):
    template = json.loads((folder / "template.json").read_text())

    assert "Active" not in [each.get("Properties", {}).get("Tracing") for each in template["Resources"].values()]
    assert "Tracing" not in template["Globals"]["Function"]
