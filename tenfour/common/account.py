"""The deployed stack as an agency's own people reach it, with their own credentials."""

import os
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, NoRegionError

from chalicelib.config import Config
from chalicelib.wiring import Aws, now
from tenfour.common.errors import CityFailed
from tenfour.stack.place import NO_REGION, named_region, no_account, stack_name

STACK = stack_name("prod")

_NOT_SIGNED_IN = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "SignatureDoesNotMatch", "RequestExpired"}
)
"""The codes by which AWS refuses credentials, whatever was asked."""

_NO_STACK = "ValidationError"


def open_account() -> Aws:
    """Return what the stack of this account and region holds; CityFailed where there is none."""
    outputs, region = account_outputs()
    return Aws(config_of(outputs, region, this_stack()), now)


def this_stack() -> str:
    """Return the name of the stack that is meant."""
    return stack_name(this_stage())


def this_stage() -> str:
    """Return the stage that is meant where none is typed: `prod` unless the variable `TENFOUR_STAGE` says another."""
    return os.environ.get("TENFOUR_STAGE") or "prod"


def account_outputs() -> tuple[dict[str, str], str]:
    """Return the outputs of this account's stack, and its region; CityFailed where there is none."""
    stack, formation = this_stack(), account_client("cloudformation")
    try:
        described = formation.describe_stacks(StackName=stack)["Stacks"][0]
    except BotoCoreError as problem:
        raise no_account(problem) from problem
    except formation.exceptions.ClientError as problem:
        code = problem.response["Error"]["Code"]
        if code in _NOT_SIGNED_IN:
            raise no_account(problem) from problem
        why = f"there is no stack {stack!r} here" if code == _NO_STACK else f"the stack {stack!r} can't be looked at"
        raise CityFailed(f"{why}: {problem}") from problem
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    return outputs, formation.meta.region_name


def account_client(service: str, region: str | None = None) -> Any:
    """Return a client of this account's AWS; CityFailed, with what to do, where no region or profile is."""
    try:
        return boto3.client(service, region_name=region or named_region())
    except NoRegionError as problem:
        raise CityFailed(NO_REGION) from problem
    except BotoCoreError as problem:
        raise no_account(problem) from problem
    except ValueError as problem:  # a region that can't be one
        raise CityFailed(f"AWS can't be reached: {problem}") from problem


def config_of(outputs: Mapping[str, str], region: str, stack: str = STACK) -> Config:
    """Return the stack's parts as the functions themselves are told of them."""
    return Config(
        region=region,
        incidents_table=outputs["Incidents"],
        contacts_table=outputs["Contacts"],
        surveys_table=outputs["Surveys"],
        settings_table=outputs["Settings"],
        hints_queue=outputs["Hints"],
        lake_bucket=outputs["Lake"],
        webhook_keys_secret=outputs["WebhookKeys"],
        root_key_secret=outputs["RootKey"],
        carriers_secret=outputs["Carriers"],
        receipts_queue=outputs["Receipts"],
        replies_queue=outputs["Replies"],
        follow_ups_topic=outputs["FollowUpsTopic"],
        standards_topic=outputs["StandardsTopic"],
        configuration_set=stack,
        ledger_table=outputs.get("Ledger", ""),  # a stack of an earlier release has none
        ledger_copies=outputs.get("LedgerCopies", ""),
        sessions_table=outputs.get("Sessions", ""),  # nor has one without a desk
        desk_secret=outputs.get("DeskProvider", ""),
        desk_jobs=outputs.get("DeskJobs", ""),
        lake_workgroup=stack,
        lake_database=outputs.get("LakeDatabase", ""),
    )
