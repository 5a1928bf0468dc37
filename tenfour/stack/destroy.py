"""Take a stack away. Resources that hold data stay, unless somebody types the stack's name to delete them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import ClientError
from msgspec import Struct

from tenfour.common.errors import CityFailed
from tenfour.stack.change import wait_for_stack
from tenfour.stack.deploy import HOLDS_DATA
from tenfour.stack.place import Place

DAYS_TO_REGRET = 30
"""Keys and secrets are only marked for deletion: for so long, and with them the data, they can be brought back."""

SHORTEST_REGRET = 7
"""Fewer days AWS does not allow, neither for a key nor for a secret."""

IN_THE_WAY = "AWS::SES::EmailIdentity"
"""It holds no data, and a stack that is deployed anew can't make it while it is there."""

_GONE = {"ResourceNotFoundException", "NoSuchBucket", "NotFoundException", "404"}


class Keeper(Struct, frozen=True, order=True):
    """A resource of a stack, such as one that holds data."""

    type: str
    name: str
    id: str


def keepers(place: Place) -> list[Keeper]:
    """Return what holds data in a stack; CityFailed where there is no stack."""
    return [keeper for keeper in _resources(place) if keeper.type in HOLDS_DATA]


def destroy(place: Place, tell: Callable[[str], None]) -> None:
    """Delete a stack and leave what its template retains for the data in it; CityFailed."""
    formation = place.client("cloudformation")
    identities = [each for each in _resources(place, made=True) if each.type == IN_THE_WAY]
    formation.update_termination_protection(StackName=place.stack, EnableTerminationProtection=False)
    stack_id = formation.describe_stacks(StackName=place.stack)["Stacks"][0]["StackId"]
    formation.delete_stack(StackName=place.stack)
    status = wait_for_stack(formation, stack_id, tell)
    if status != "DELETE_COMPLETE":
        raise CityFailed(f"{place.stack} is {status}: CloudFormation's console has its events")
    for each in identities:
        _unless_gone(lambda id_: place.client("sesv2").delete_email_identity(EmailIdentity=id_), each.id)
        tell(f"deleted: {each.name} ({each.id}); a new stack makes it anew, with DNS records of its own")


def _resources(place: Place, *, made: bool = False) -> list[Keeper]:
    """Return the resources of a stack, or only those that it `made`; CityFailed where there is no stack.

    What CloudFormation could not make because somebody has it already may be listed under that somebody's name.
    """
    gone = {"DELETE_COMPLETE", "CREATE_FAILED"} if made else {"DELETE_COMPLETE"}
    formation = place.client("cloudformation")
    try:
        pages = list(formation.get_paginator("list_stack_resources").paginate(StackName=place.stack))
    except ClientError as problem:
        raise CityFailed(f"there is no stack {place.stack!r} in {place.account}, {place.region}") from problem
    return sorted(
        Keeper(item["ResourceType"], item["LogicalResourceId"], item.get("PhysicalResourceId", ""))
        for page in pages
        for item in page["StackResourceSummaries"]
        if item["ResourceStatus"] not in gone
    )


def _unless_gone(delete: Callable[[str], object], name: str) -> None:
    try:
        delete(name)
    except ClientError as problem:
        if problem.response["Error"]["Code"] not in _GONE:
            raise


def delete_data(place: Place, kept: list[Keeper], tell: Callable[[str], None], *, days: int = DAYS_TO_REGRET) -> None:
    """Delete what a stack has left, for good; tables and files are gone at once, secrets and the key after `days`.

    DynamoDB backs each deleted table up by itself, for 35 days. The backup can't be read when the key is gone.
    """
    ways: dict[str, Callable[[Place, str], None]] = {
        "AWS::DynamoDB::Table": _delete_table,
        "AWS::S3::Bucket": _delete_bucket,
        "AWS::SecretsManager::Secret": partial(_delete_secret, days=days),
        "AWS::Logs::LogGroup": _delete_logs,
        "AWS::SMSVOICE::OptOutList": _delete_opt_outs,
        "AWS::KMS::Key": partial(_delete_key, days=days),
    }
    locked = {keeper for keeper in kept if keeper.type == "AWS::S3::Bucket" and _is_locked(place, keeper.id)}
    for keeper in sorted(kept, key=lambda each: list(ways).index(each.type)):  # the key last: it opens the others
        if keeper in locked or (locked and keeper.type == "AWS::KMS::Key"):
            tell(f"stays: {keeper.name} ({keeper.id}): copies of the ledger are locked, and the key opens them")
            continue
        _unless_gone(partial(ways[keeper.type], place), keeper.id)
        tell(f"deleted: {keeper.name} ({keeper.id})")


def _delete_table(place: Place, name: str) -> None:
    database = place.client("dynamodb")
    if database.describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled"):
        database.update_table(TableName=name, DeletionProtectionEnabled=False)
        database.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 2})
    database.delete_table(TableName=name)


def _is_locked(place: Place, name: str) -> bool:
    """Tell whether a bucket has objects that can't be deleted before their retention ends."""
    storage = place.client("s3")
    try:
        storage.get_object_lock_configuration(Bucket=name)
    except ClientError as problem:
        if problem.response["Error"]["Code"] not in {*_GONE, "ObjectLockConfigurationNotFoundError"}:
            raise
        return False
    held = storage.list_object_versions(Bucket=name, MaxKeys=1)
    return bool(held.get("Versions"))


def _delete_bucket(place: Place, name: str) -> None:
    storage = place.client("s3")
    for page in storage.get_paginator("list_object_versions").paginate(Bucket=name):
        found: list[dict[str, Any]] = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        objects = [{"Key": item["Key"], "VersionId": item["VersionId"]} for item in found]
        if objects:
            storage.delete_objects(Bucket=name, Delete={"Objects": objects, "Quiet": True})
    storage.delete_bucket(Bucket=name)


def _delete_secret(place: Place, name: str, days: int) -> None:
    place.client("secretsmanager").delete_secret(SecretId=name, RecoveryWindowInDays=days)


def _delete_logs(place: Place, name: str) -> None:
    place.client("logs").delete_log_group(logGroupName=name)


def _delete_opt_outs(place: Place, name: str) -> None:
    place.client("pinpoint-sms-voice-v2").delete_opt_out_list(OptOutListName=name)


def _delete_key(place: Place, key_id: str, days: int) -> None:
    place.client("kms").schedule_key_deletion(KeyId=key_id, PendingWindowInDays=days)
