"""Compare each function's permissions with the calls that it made in the tests: the city's audit log has them.

The emulator lets functions do what their policies say and nothing else, so that a call which is not granted fails
where it is made. Here is the other half: a permission that is granted and never used is one too many.

`tests/security/calls.txt` keeps the calls, for `make audit`, where somebody else's simulator of IAM decides them. A
complete run holds the file against the log; if they differ, it writes a new one into `.build`.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from tenfour.common.account import STACK
from tenfour.common.paths import ROOT
from tenfour.common.reach import client, read_stack
from tenfour.stack.package import here, package

RECORDING = {"CLOUDTRAIL_RECORDING": "1", "CLOUDTRAIL_MAX_EVENTS": "200000"}
"""What the emulator wants to be told to keep its audit log."""

BY_LAMBDA = re.compile(
    "kms:(Decrypt|GenerateDataKey)"  # for whatever is encrypted with the key (each service's page on KMS)
    "|logs:(CreateLogStream|PutLogEvents)"  # AWSLambdaBasicExecutionRole
    "|sqs:(DeleteMessage|GetQueueAttributes|ReceiveMessage)"  # AWSLambdaSQSQueueExecutionRole
    "|dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)"  # AWSLambdaDynamoDBExecutionRole
)
"""Granted to a function, used by Lambda on its behalf: AWS's own managed policies grant the same."""

ON_FAILURE = ("Export", "sqs:SendMessage", "ExportDead")
"""Lambda sets a batch aside that went wrong twenty times."""

AT_CARRIERS = re.compile("(ses|sms-voice|sns):")
"""Calls to the simulated carriers, which ask nobody; `tests/house` compares these with the senders' own code."""

BY_ATHENA = re.compile("athena:|glue:|s3:(GetBucketLocation|ListBucketMultipartUploads)")
VIA_ATHENA = re.compile(r"Lake/(results|comments-results|lake/(?!comments/)[a-z_]+)/\*")
"""Calls to the stand-in for Athena, which asks nobody, and what Athena itself then calls in a function's name: actions,
and folders of the lake that a function reaches in no other way. `tests/house` holds them against the policy.
"""

_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_OF_S3 = {"ListObjects": "ListBucket", "POST.s3": "DeleteObject"}
"""The emulator's names. Which objects a request deletes is in its body, which the log leaves out: what has landed."""

Permission = tuple[str, str, str]
"""A function, an action, and a resource by the name that the template has for it."""

CALLS = ROOT / "tests" / "security" / "calls.txt"
NEW_CALLS = ROOT / ".build" / "calls.txt"


def superfluous(state: Path) -> list[str]:
    """Return what is granted and was never used in a running city, and what was used without being granted."""
    granted, used = set(granted_by_us()), set(_used(state))
    unused = granted - used - {ON_FAILURE}
    return [
        *(f"{' '.join(each)}: granted, never used" for each in sorted(unused)),
        *(f"{' '.join(each)}: used, not granted" for each in sorted(used - granted)),
    ]


def not_as_recorded(state: Path) -> list[str]:
    """Return where `calls.txt` differs from a running city's audit log; write what it should say."""
    return differences(calls(), set(_used(state)), NEW_CALLS)


def differences(told: set[Permission], used: set[Permission], new: Path) -> list[str]:
    """Return where what is told of calls differs from those that the audit log has; write what should be told."""
    seen = {call for call in told if is_seen(call)}
    if seen == used:
        return []
    new.parent.mkdir(exist_ok=True)
    new.write_text("".join(f"{' '.join(call)}\n" for call in sorted(told - seen | used)))
    return [
        *(f"{' '.join(each)}: called, not in {CALLS.name}" for each in sorted(used - seen)),
        *(f"{' '.join(each)}: in {CALLS.name}, never called" for each in sorted(seen - used)),
        f"See why. Then: cp {new.relative_to(ROOT) if new.is_relative_to(ROOT) else new} {CALLS.relative_to(ROOT)}",
    ]


def calls() -> set[Permission]:
    """Return the calls of functions, and of Lambda for them, that `calls.txt` tells."""
    return {(function, action, name) for function, action, name in map(str.split, CALLS.read_text().splitlines())}


def is_seen(call: Permission) -> bool:
    """Tell whether a call is in the audit log: Lambda's own and those to carriers are not."""
    return not (BY_LAMBDA.fullmatch(call[1]) or AT_CARRIERS.match(call[1]) or of_athena(call) or call == ON_FAILURE)


def of_athena(call: Permission) -> bool:
    """Tell whether a call is to Athena, or one that Athena makes for the desk."""
    function, action, where = call
    return function == "DeskPages" and bool(BY_ATHENA.match(action) or VIA_ATHENA.fullmatch(where))


def by_lambda() -> Iterator[Permission]:
    """Yield what Lambda calls for functions: their event sources and log groups say it, not their permissions."""
    for name, function in _resources("AWS::Serverless::Function"):
        for action in ("Decrypt", "GenerateDataKey"):
            yield name, f"kms:{action}", "DataKey"
        for action in ("CreateLogStream", "PutLogEvents"):
            yield name, f"logs:{action}", function["LoggingConfig"]["LogGroup"]["Ref"]
        for event in function.get("Events", {}).values():
            yield from ((name, *call) for call in _to_read(event["Type"], event["Properties"]))


def _to_read(kind: str, source) -> Iterator[tuple[str, str]]:
    if kind == "SQS":
        for action in ("DeleteMessage", "GetQueueAttributes", "ReceiveMessage"):
            yield f"sqs:{action}", source["Queue"]["Fn::GetAtt"][0]
    elif kind == "DynamoDB":
        yield "dynamodb:ListStreams", "*"
        yield "sqs:SendMessage", source["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
        for action in ("DescribeStream", "GetRecords", "GetShardIterator"):
            yield f"dynamodb:{action}", f"{source['Stream']['Fn::GetAtt'][0]}/stream/1"


def _resources(kind: str) -> Iterator[tuple[str, dict]]:
    resources = json.loads(package(here()).template.read_text())["Resources"]
    yield from ((name, each["Properties"]) for name, each in resources.items() if each["Type"] == kind)


def granted_by_us() -> Iterator[Permission]:
    """Yield what the template grants to functions, without what the audit log can't have."""
    yield from (call for call in granted() if not of_athena(call))


def granted() -> Iterator[Permission]:
    """Yield what the template grants to functions, without what Lambda uses and what carriers are asked for."""
    resources = json.loads(package(here()).template.read_text())["Resources"]
    for name, each in resources.items():
        if each["Type"] == "AWS::Serverless::Function":
            (policy,) = resources[each["Properties"]["Role"]["Fn::GetAtt"][0]]["Properties"]["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]:
                for action in statement["Action"]:
                    if not BY_LAMBDA.fullmatch(action) and not AT_CARRIERS.match(action):
                        yield from ((name, action, resource) for resource in _named(statement["Resource"]))


def _named(resource) -> Iterator[str]:
    if isinstance(resource, list):
        for each in resource:
            yield from _named(each)
    elif "Fn::If" in resource:
        yield from _named(resource["Fn::If"][1])  # the city has what an agency may leave out
    elif "Fn::Sub" in resource:
        named = re.sub(r"\$\{(\w+)\.Arn\}", r"\1", resource["Fn::Sub"])
        yield re.sub(r"arn:.*:(?:(?:workgroup|database|table)/)?\$\{(\w+)\}", r"\1", named).split(":")[-1]
    else:
        yield resource["Fn::GetAtt"][0]


def _used(state: Path) -> Iterator[Permission]:
    endpoint = read_stack(state / "stack.json").aws_endpoint
    listed = client("cloudformation", endpoint).describe_stack_resources(StackName=STACK)["StackResources"]
    logical = {each["PhysicalResourceId"].rsplit("/", 1)[-1]: each["LogicalResourceId"] for each in listed}
    granted = set(granted_by_us())
    for each in listed:
        if each["ResourceType"] == "AWS::Lambda::Function":
            for action, physical in _calls(endpoint, each["PhysicalResourceId"]):
                name, slash, rest = physical.partition("/")
                function, called = each["LogicalResourceId"], f"{logical[name]}{slash}{rest}"
                theirs = {where for who, what, where in granted if (who, what) == (function, action)}
                yield function, action, in_folder(called, theirs) if action.startswith("s3:") else called


def in_folder(called: str, granted: set[str]) -> str:
    """Return the granted folder that an object of S3 is in, else the first part of its name; a bucket as it is."""
    bucket, _, key = called.partition("/")
    found = next((name for name in sorted(granted, key=len, reverse=True) if fnmatchcase(called, name)), "")
    return found or (f"{bucket}/{key.partition('/')[0]}/*" if key else bucket)


def _calls(endpoint: str, function: str) -> Iterator[tuple[str, str]]:
    """Return a function's calls, as actions on names of resources."""
    made = client("lambda", endpoint).get_function_configuration(FunctionName=function)
    digest = hashlib.sha256(f"{made['FunctionArn']}:{made['Role']}".encode()).hexdigest()
    key = f"ASIA{digest[:16].upper()}"  # as the emulator names a function's credentials
    names = set()
    for event in _events(endpoint, AccessKeyId=key):
        names.add(event["EventName"])
    for name in names:  # pages end at whole seconds: what is rare would be lost among what is frequent
        for event in _events(endpoint, AccessKeyId=key, EventName=name):
            service, told = event["EventSource"].partition(".")[0], json.loads(event["CloudTrailEvent"])
            yield from _actions(service, name, told["requestParameters"], event["Resources"])


def _events(endpoint: str, **wanted: str):
    trail, until = client("cloudtrail", endpoint), {}
    attributes = [{"AttributeKey": name, "AttributeValue": value} for name, value in wanted.items()]
    while events := trail.lookup_events(LookupAttributes=attributes, **until)["Events"]:
        until = {"EndTime": events[-1]["EventTime"] - timedelta(milliseconds=1)}
        yield from events


def _actions(service: str, name: str, told, resources) -> Iterator[tuple[str, str]]:
    if name == "TransactWriteItems":
        for item in told["TransactItems"]:
            for kind, part in item.items():
                yield f"dynamodb:{_WRITES[kind]}", part["TableName"]
    elif name == "BatchWriteItem":
        yield from (("dynamodb:BatchWriteItem", table) for table in told["RequestItems"])
    elif service == "dynamodb":
        index = f"/index/{told['IndexName']}" if "IndexName" in told else ""
        yield f"dynamodb:{name}", told["TableName"] + index
    elif service == "sqs":
        yield "sqs:SendMessage", told["QueueUrl"].rsplit("/", 1)[-1]
    elif service == "secretsmanager":
        yield f"secretsmanager:{name}", told["SecretId"].rsplit(":", 1)[-1]
    elif service == "s3":
        bucket, *objects = (each["ResourceName"] for each in resources)
        below = f"/{objects[0]}" if objects else "/landing/*" if name == "POST.s3" else ""
        yield f"s3:{_OF_S3.get(name, name)}", bucket + below
    else:
        raise AssertionError(f"{service} {name}: an action that nobody has thought of")
