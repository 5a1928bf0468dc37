"""A package into a bucket, a change set out of it, and its execution: CloudFormation keeps the only state."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError
from msgspec import Struct

from tenfour.common.errors import CityFailed
from tenfour.stack.package import Package
from tenfour.stack.place import Place

LONGEST_WAIT = 3600
_NOTHING = ("didn't contain changes", "No updates are to be performed")
_CODE = "./code.zip"


_REPLACED_BY = {"AWS::SecretsManager::Secret": {"Name"}}
"""What alone replaces a resource. The desk's secret has in it what other resources are called."""


class ResourceChange(Struct, frozen=True):
    """The change of one resource; a `replaced` one loses its data."""

    action: str
    name: str
    type: str
    replaced: bool


class ChangeSet(Struct, frozen=True):
    """The changes that CloudFormation proposes; an empty proposal changes nothing."""

    name: str
    new_stack: bool
    changes: tuple[ResourceChange, ...]


def upload(packaged: Package, place: Place) -> str:
    """Put the package where CloudFormation finds it, under the digest of what it is; return the template's address."""
    storage = place.client("s3")
    _make_bucket(storage, place)
    code = packaged.code.read_bytes()
    code_key = f"{hashlib.sha256(code).hexdigest()[:32]}/code.zip"
    template = json.loads(packaged.template.read_text())
    for resource in template["Resources"].values():
        if resource.get("Properties", {}).get("CodeUri") == _CODE:
            resource["Properties"]["CodeUri"] = {"Bucket": place.artifacts, "Key": code_key}
    document = json.dumps(template).encode()
    template_key = f"{hashlib.sha256(document).hexdigest()[:32]}/template.json"
    for key, body in ((code_key, code), (template_key, document)):
        storage.put_object(Bucket=place.artifacts, Key=key, Body=body, ExpectedBucketOwner=place.account)
    return f"{_storage_address(storage.meta.endpoint_url, place)}/{place.artifacts}/{template_key}"


def _storage_address(endpoint: str, place: Place) -> str:
    """Return the address by which CloudFormation reads a template.

    It takes S3's plain addresses. The client's own may be a FIPS endpoint, or an emulator's, which stays.
    """
    _, dot, suffix = endpoint.partition(".amazonaws.com")
    return f"https://s3.{place.region}.amazonaws.com{suffix}" if dot else endpoint


def propose(place: Place, template_url: str, parameters: Mapping[str, str]) -> ChangeSet:
    """Return what CloudFormation would do; CityFailed where it can't."""
    formation, name = place.client("cloudformation"), f"tenfour-{int(time.time())}"
    known = parameters_of(place)
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    kept = [{"ParameterKey": key, "UsePreviousValue": True} for key in known or () if key not in parameters]
    formation.create_change_set(
        StackName=place.stack,
        ChangeSetName=name,
        ChangeSetType="CREATE" if known is None else "UPDATE",
        TemplateURL=template_url,
        Parameters=[*given, *_still_there(formation, template_url, kept)],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Tags=[{"Key": "tenfour:stage", "Value": place.stage}],
    )
    while (described := _described(formation, place.stack, name))["Status"] not in ("CREATE_COMPLETE", "FAILED"):
        time.sleep(0.5)
    if described["Status"] == "FAILED" and not any(word in described.get("StatusReason", "") for word in _NOTHING):
        raise CityFailed(f"CloudFormation refuses the change: {described.get('StatusReason')}")
    changes = tuple(_change(item["ResourceChange"]) for item in described["Changes"] if "ResourceChange" in item)
    return ChangeSet(name, known is None, changes)


def withdraw(place: Place, proposed: ChangeSet) -> None:
    """Take a change set back; of a stack that was never made nothing stays."""
    formation = place.client("cloudformation")
    formation.delete_change_set(StackName=place.stack, ChangeSetName=proposed.name)
    if proposed.new_stack:
        formation.delete_stack(StackName=place.stack)


def execute(place: Place, proposed: ChangeSet, tell: Callable[[str], None]) -> dict[str, str]:
    """Do what was proposed and return the stack's outputs; CityFailed with CloudFormation's own words.

    CloudFormation rolls a failed change back: the earlier version goes on running.
    """
    formation = place.client("cloudformation")
    if proposed.changes:
        formation.execute_change_set(StackName=place.stack, ChangeSetName=proposed.name)
    else:
        withdraw(place, proposed)
    status = wait_for_stack(formation, place.stack, tell)
    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise CityFailed(
            f"{place.stack} is {status}: {'; '.join(_failures(formation, place.stack)) or 'no reason given'}"
        )
    formation.update_termination_protection(StackName=place.stack, EnableTerminationProtection=True)
    return outputs_of(place)


def wait_for_stack(formation: Any, stack: str, tell: Callable[[str], None]) -> str:
    """Wait until nothing is in progress; return the status. `stack` is a name, or an ARN, as of a stack that goes."""
    name = stack.split("/")[1] if stack.startswith("arn:") else stack
    told, give_up_at = "", time.monotonic() + LONGEST_WAIT
    while time.monotonic() < give_up_at:
        status: str = formation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
        if status != told:
            tell(f"{name}: {status.lower().replace('_', ' ')}")
            told = status
        if not status.endswith("IN_PROGRESS"):
            return status
        time.sleep(0.5)
    raise CityFailed(f"{name} is still {told} after an hour: CloudFormation's console has its events")


def _make_bucket(storage: Any, place: Place) -> None:
    bucket = place.artifacts
    try:
        storage.head_bucket(Bucket=bucket, ExpectedBucketOwner=place.account)
    except ClientError as problem:
        if problem.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise CityFailed(f"the bucket {bucket} can't be used: {problem}") from problem
        where = (
            {} if place.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": place.region}}
        )
        storage.create_bucket(Bucket=bucket, **where)
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    storage.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)
    storage.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def parameters_of(place: Place) -> dict[str, str] | None:
    """Return the parameters of a stack that there is; None where there is none, or only the shell of one."""
    described = described_stack(place)
    if described is None:
        return None
    return {item["ParameterKey"]: item["ParameterValue"] for item in described.get("Parameters", [])}


def outputs_of(place: Place) -> dict[str, str]:
    """Return the outputs of a stack; none where there is none."""
    described = described_stack(place) or {}
    return {item["OutputKey"]: item["OutputValue"] for item in described.get("Outputs", [])}


def described_stack(place: Place) -> dict[str, Any] | None:
    """Return a stack as CloudFormation describes it; None where there is none, or only the shell of one."""
    try:
        described: dict[str, Any] = place.client("cloudformation").describe_stacks(StackName=place.stack)["Stacks"][0]
    except ClientError as problem:
        if problem.response["Error"]["Code"] != "ValidationError":
            raise
        return None
    return None if described["StackStatus"] == "REVIEW_IN_PROGRESS" else described


def _still_there(formation: Any, template_url: str, kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not kept:
        return []
    names = {item["ParameterKey"] for item in formation.get_template_summary(TemplateURL=template_url)["Parameters"]}
    return [item for item in kept if item["ParameterKey"] in names]


def _described(formation: Any, stack: str, name: str) -> dict[str, Any]:
    """Return a change set with all pages of its changes."""
    described: dict[str, Any] = formation.describe_change_set(StackName=stack, ChangeSetName=name)
    changes, token = list(described.get("Changes", ())), described.get("NextToken")
    while token:
        page = formation.describe_change_set(StackName=stack, ChangeSetName=name, NextToken=token)
        changes, token = [*changes, *page["Changes"]], page.get("NextToken")
    return {**described, "Changes": changes}


def _change(told: Mapping[str, Any]) -> ResourceChange:
    replaced = told.get("Replacement") == "True" or (told.get("Replacement") == "Conditional" and _may_replace(told))
    return ResourceChange(told["Action"], told["LogicalResourceId"], told["ResourceType"], replaced)


def _may_replace(told: Mapping[str, Any]) -> bool:
    """Tell whether a change that leads to other resources may replace this one, where AWS's reference says by what."""
    named = {detail.get("Target", {}).get("Name") for detail in told.get("Details", ())}
    return told["ResourceType"] not in _REPLACED_BY or bool(named & _REPLACED_BY[told["ResourceType"]]) or not named


def _failures(formation: Any, stack: str) -> Iterator[str]:
    for event in formation.describe_stack_events(StackName=stack)["StackEvents"]:
        if "FAILED" in event["ResourceStatus"] and event.get("ResourceStatusReason"):
            yield f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
