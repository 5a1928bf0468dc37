"""Where a stack goes: an account, a region and a stage, and the clients that reach them."""

import os
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected
from msgspec import Struct

from tenfour.common.errors import CityFailed

LONGEST_STAGE = 12
NO_REGION = "no AWS region is set: say AWS_REGION=us-west-2, or name one in the AWS profile; a running city is --stack"


class Place(Struct, frozen=True, kw_only=True):
    """An account, a region and a stage; `client` reaches a service there by its name."""

    account: str
    region: str
    partition: str
    stage: str
    client: Callable[..., Any]

    @property
    def stack(self) -> str:
        """Return the stack's name."""
        return stack_name(self.stage)

    @property
    def artifacts(self) -> str:
        """Return the bucket that packages are put into, one an account and region."""
        return f"tenfour-artifacts-{self.account}-{self.region}"


def stack_name(stage: str) -> str:
    """Return the name of a stage's stack: production has the bare one."""
    return "tenfour" if stage == "prod" else f"tenfour-{stage}"


def named_region() -> str | None:
    """Return the region of the variable that AWS's other tools read; boto3 knows `AWS_DEFAULT_REGION` alone."""
    return os.environ.get("AWS_REGION") or None


def no_account(problem: Exception) -> CityFailed:
    """Return in one line why an account can't be asked, and what to do: no way to AWS, or nobody is signed in."""
    if isinstance(problem, NotConnected | HTTPClientError):
        return CityFailed(f"AWS can't be reached: {problem}")
    return CityFailed(f"no AWS credentials that work: {problem}; sign in, or set AWS_PROFILE")


def open_place(stage: str, region: str | None = None) -> Place:
    """Return where the credentials at hand lead to; CityFailed, with what to do."""
    if not (stage.isalnum() and stage.islower() and len(stage) <= LONGEST_STAGE):
        raise CityFailed(f"--stage: lower case letters and digits, at most {LONGEST_STAGE}; so is TENFOUR_STAGE")
    try:
        session = boto3.Session(region_name=region or named_region())
        if session.region_name is None:
            raise CityFailed(f"{NO_REGION}, and --region goes before both")
        identity = session.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError, ValueError) as problem:
        raise no_account(problem) from problem
    return Place(
        account=identity["Account"],
        region=session.region_name,
        partition=identity["Arn"].split(":")[1],
        stage=stage,
        client=session.client,
    )
