"""Deploy the packaged stack into the emulator, as CloudFormation would into an account."""

import json
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.config import Config

from ops.account import STACK
from ops.errors import CityFailed
from ops.local.emulator import REGION
from ops.package import Package

LEFT_OUT = {
    "AWS::SMSVOICE::": "the emulator does not know it; the carrier simulator stands in",
    "AWS::WAFv2::WebACLAssociation": "the emulator does not know it",
    "AWS::Athena::NamedQuery": "the emulator does not know it; queries run on DuckDB",
    "AWS::S3::BucketPolicy": "it demands TLS, and the emulator speaks plain HTTP on this machine",
}
"""What the emulator does not get, and why: each begins a resource's type. Everything else is the agency's stack."""

ALSO_ALLOWED = {"sqs:SendMessage": "sqs:SendMessageBatch"}
"""Actions that the emulator asks for by a name that IAM does not have."""

_ARTIFACTS = "tenfour-artifacts"


def client(service: str, endpoint: str, config: Config | None = None) -> Any:
    """Return a client of the emulator."""
    return boto3.client(
        service,
        config=config,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  any will do
    )


def deploy(packaged: Package, endpoint: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Create the stack and return its outputs."""
    storage = client("s3", endpoint)
    storage.create_bucket(Bucket=_ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})
    storage.upload_file(str(packaged.code), _ARTIFACTS, "code.zip")
    template = json.dumps(for_emulator(json.loads(packaged.template.read_text())))
    # By its address: what may come with the call itself ends at 51,200 bytes.
    storage.put_object(Bucket=_ARTIFACTS, Key="template.json", Body=template)
    formation = client("cloudformation", endpoint)
    formation.create_stack(
        StackName=STACK,
        TemplateURL=f"{endpoint}/{_ARTIFACTS}/template.json",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    )
    return _outputs(formation)


def for_emulator(template: dict[str, Any]) -> dict[str, Any]:
    """Return the template with its code in a bucket and without what the emulator does not know."""
    resources = {
        name: resource
        for name, resource in template["Resources"].items()
        if not resource["Type"].startswith(tuple(LEFT_OUT))
    }
    for resource in resources.values():
        if resource.get("Properties", {}).get("CodeUri") == "./code.zip":
            resource["Properties"]["CodeUri"] = {"Bucket": _ARTIFACTS, "Key": "code.zip"}
        for policy in resource.get("Properties", {}).get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                statement["Action"] += [ALSO_ALLOWED[name] for name in statement["Action"] if name in ALSO_ALLOWED]
    return {**template, "Resources": resources}


def warm_up(functions: Iterable[str], endpoint: str) -> None:
    """Start each function once, with nothing to do: a cold start here is the emulator's, on the callers' cores."""
    invoker = client("lambda", endpoint)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(invoker.invoke, FunctionName=name, Payload=b'{"Records": []}') for name in functions]:
            done.result()


def _outputs(formation: Any) -> dict[str, str]:
    while True:
        stack = formation.describe_stacks(StackName=STACK)["Stacks"][0]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        if stack["StackStatus"] != "CREATE_IN_PROGRESS":
            events = formation.describe_stack_events(StackName=STACK)["StackEvents"]
            failed = [event.get("ResourceStatusReason") for event in events if "FAILED" in event["ResourceStatus"]]
            raise CityFailed("; ".join(filter(None, failed)) or stack["StackStatus"])
        time.sleep(0.1)
