"""The deployed stack as an agency's own people reach it, with their own credentials."""

from collections.abc import Mapping

import boto3

from chalicelib.config import Config
from chalicelib.wiring import Aws, now
from ops.errors import CityFailed

STACK = "tenfour"


def open_account() -> Aws:
    """Return what the stack of this account and region holds; CityFailed where there is none."""
    outputs = stack_outputs()
    return Aws(config_of(outputs, boto3.client("cloudformation").meta.region_name), now)


def stack_outputs() -> dict[str, str]:
    """Return the outputs of the stack of this account and region; CityFailed where there is none."""
    try:
        formation = boto3.client("cloudformation")
    except ValueError as problem:  # a region that can't be one
        raise CityFailed(f"AWS can't be reached: {problem}") from problem
    try:
        described = formation.describe_stacks(StackName=STACK)["Stacks"][0]
    except formation.exceptions.ClientError as problem:
        raise CityFailed(f"there is no stack {STACK!r} here: {problem}") from problem
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def config_of(outputs: Mapping[str, str], region: str) -> Config:
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
        configuration_set=STACK,
    )
