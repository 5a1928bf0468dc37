"""Deploy the packaged stack into the emulator, as CloudFormation would into an account."""

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.config import Config

from tenfour.common.account import STACK
from tenfour.common.errors import CityFailed
from tenfour.common.reach import REGION, client
from tenfour.stack.package import Package

LEFT_OUT = {
    "AWS::SMSVOICE::": "the emulator does not know it; the carrier simulator stands in",
    "AWS::WAFv2::WebACLAssociation": "the emulator does not know it",
    "AWS::Athena::NamedQuery": "the emulator does not know it; queries run on DuckDB",
    "AWS::CloudWatch::Alarm with Metrics": "the emulator watches no sum of two metrics",
}
"""Resources that the emulator does not get, and why. Each name begins a resource's type, perhaps with a property
that is too much for it. Everything else is the agency's stack.
"""

BINARY = "x-amazon-apigateway-binary-media-types"
"""Where a description of an API says which bodies are handed over as bytes; the emulator reads a property instead."""

ALSO_ALLOWED = {"sqs:SendMessage": "sqs:SendMessageBatch"}
"""Actions that the emulator asks for by a name that IAM does not have."""

BY_STAGE = {"DeskPages": "${!stageVariables.desk}"}
"""Functions whose name the API learns from a variable of its stage. The emulator reads none: they get a name there."""

NO_TLS = {"Bool": {"aws:SecureTransport": "false"}}
"""The condition of whatever demands TLS; the emulator speaks plain HTTP on this machine, and gets none of it."""

PATIENCE = 300
"""Seconds for each function: a slow machine, where functions share two cores, must not look like a broken one."""

_ARTIFACTS = "tenfour-artifacts"


def deploy(packaged: Package, endpoint: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Create the stack and return its outputs."""
    client("s3", endpoint).create_bucket(Bucket=_ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})
    formation = client("cloudformation", endpoint, Config(read_timeout=PATIENCE))
    formation.create_stack(**_stack(packaged, endpoint, parameters))
    return _outputs(formation)


def upgrade(packaged: Package, endpoint: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Put another version in the place of a stack that runs; return its outputs."""
    formation = client("cloudformation", endpoint, Config(read_timeout=PATIENCE))
    formation.update_stack(**_stack(packaged, endpoint, parameters))
    return _outputs(formation)


def _stack(packaged: Package, endpoint: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Upload a package under the digest of what it is, and return what CloudFormation wants to be told."""
    told = json.loads(packaged.template.read_text())
    known = {name: value for name, value in parameters.items() if name in told["Parameters"]}  # not all to each release
    storage, code = client("s3", endpoint), packaged.code.read_bytes()
    key = f"{hashlib.sha256(code).hexdigest()}.zip"
    template = json.dumps(for_emulator(told, key)).encode()
    name = f"{hashlib.sha256(template).hexdigest()}.json"
    storage.put_object(Bucket=_ARTIFACTS, Key=key, Body=code)
    storage.put_object(Bucket=_ARTIFACTS, Key=name, Body=template)
    return {
        "StackName": STACK,
        "TemplateURL": f"{endpoint}/{_ARTIFACTS}/{name}",  # a body may have no more than 51,200 bytes
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in known.items()],
    }


def for_emulator(template: dict[str, Any], code: str = "code.zip") -> dict[str, Any]:
    """Return the template with its code in a bucket and without what the emulator does not know."""
    resources = {
        name: resource
        for name, resource in template["Resources"].items()
        if not any(_left_out(resource, what) for what in LEFT_OUT)
    }
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["Timeout"] = PATIENCE
            if name in BY_STAGE:
                resource["Properties"]["FunctionName"] = {"Fn::Sub": f"${{AWS::StackName}}-{name}"}
        if resource.get("Properties", {}).get("CodeUri") == "./code.zip":
            resource["Properties"]["CodeUri"] = {"Bucket": _ARTIFACTS, "Key": code}
        if resource["Type"] == "AWS::Serverless::Api":
            resource["Properties"]["BinaryMediaTypes"] = resource["Properties"]["DefinitionBody"][BINARY]
            resource["Properties"]["DefinitionBody"] = _named_functions(resource["Properties"]["DefinitionBody"])
        if document := resource.get("Properties", {}).get("PolicyDocument"):
            document["Statement"] = [each for each in document["Statement"] if each.get("Condition") != NO_TLS]
        for policy in resource["Properties"].get("Policies", ()) if resource["Type"] == "AWS::IAM::Role" else ():
            for statement in policy["PolicyDocument"]["Statement"]:
                statement["Action"] += [ALSO_ALLOWED[name] for name in statement["Action"] if name in ALSO_ALLOWED]
    said = {name: each for name, each in resources.items() if _says_something(each)}
    return {**template, "Resources": said}


def _named_functions(body: dict[str, Any]) -> dict[str, Any]:
    """Return an API's description that names the functions which it would ask its stage for."""
    text = json.dumps(body)
    for name, variable in BY_STAGE.items():
        text = text.replace(variable, f"${{AWS::StackName}}-{name}")
    named: dict[str, Any] = json.loads(text)
    return named


def _says_something(resource: dict[str, Any]) -> bool:
    return bool(resource.get("Properties", {}).get("PolicyDocument", {"Statement": True})["Statement"])


def _left_out(resource: dict[str, Any], what: str) -> bool:
    kind, _, part = what.partition(" with ")
    return resource["Type"].startswith(kind) and (not part or part in resource["Properties"])


def warm_up(functions: Iterable[str], endpoint: str) -> None:
    """Start each function once, with nothing to do: a cold start here is the emulator's, on the callers' cores."""
    invoker = client("lambda", endpoint)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(invoker.invoke, FunctionName=name, Payload=b'{"Records": []}') for name in functions]:
            done.result()


def _outputs(formation: Any) -> dict[str, str]:
    while True:
        stack = formation.describe_stacks(StackName=STACK)["Stacks"][0]
        if stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            events = formation.describe_stack_events(StackName=STACK)["StackEvents"]
            failed = [event.get("ResourceStatusReason") for event in events if "FAILED" in event["ResourceStatus"]]
            raise CityFailed("; ".join(filter(None, failed)) or stack["StackStatus"])
        time.sleep(0.1)
