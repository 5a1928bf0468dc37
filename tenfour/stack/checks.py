"""Check what an account needs before a stack can be deployed to it and send messages.

Each check reads, changes nothing, and ends in lines that say what to do. A missing
permission is a finding too: nobody deploys on a guess.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.settings.agency import Agency
from tenfour.stack.change import outputs_of
from tenfour.stack.check_carriers import check_email, check_texts
from tenfour.stack.check_leftovers import check_leftovers
from tenfour.stack.check_quotas import check_api, check_functions
from tenfour.stack.check_sharing import check_sharing
from tenfour.stack.finding import Finding
from tenfour.stack.place import Place

_MAY_BE_CHANGED = re.compile(r".*_COMPLETE")
_HALF_WAY_BACK = {"UPDATE_ROLLBACK_FAILED", "IMPORT_ROLLBACK_FAILED"}
_DEAD_ENDS = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}

Check = Callable[[], Iterator[Finding]]


def look_around(
    place: Place,
    template: Mapping[str, Any],
    agency: Agency | None,
    account: str | None,
    parameters: Mapping[str, str] | None = None,
) -> Iterator[Finding]:
    """Yield every finding, in the order in which they matter.

    `account` is the one that was meant, if that is said; `parameters` are those that the stack will have.
    """
    checks: tuple[tuple[str, Check], ...] = (
        ("account", lambda: _account(place, account)),
        ("region", lambda: _region(place)),
        ("stack", lambda: _stack(place)),
        ("functions", lambda: check_functions(place, template, parameters or {})),
        ("api", lambda: check_api(place, template, parameters or {})),
        ("texts", lambda: check_texts(place, agency, _pooled(parameters), lambda: _replies_topic(place))),
        ("texts", lambda: check_sharing(place, agency)),
        ("email", lambda: check_email(place, agency)),
        ("stack", lambda: check_leftovers(place, parameters or {})),
    )
    for about, check in checks:
        try:
            yield from check()
        except ClientError as problem:
            code, action = problem.response["Error"]["Code"], problem.operation_name
            yield Finding("stop", about, f"{action} answered {code}: let this role call it, or ask who may")
        except BotoCoreError as problem:
            yield Finding("stop", about, f"could not be reached: {problem}")


def _pooled(parameters: Mapping[str, str] | None) -> list[str]:
    return [arn for part in (parameters or {}).get("TextNumbers", "").split(",") if (arn := part.strip())]


def _replies_topic(place: Place) -> str:
    return outputs_of(place).get("RepliesTopic", "")


def _account(place: Place, meant: str | None) -> Iterator[Finding]:
    if meant and meant != place.account:
        yield Finding("stop", "account", f"these credentials are of {place.account}, not {meant}: sign in to {meant}")
    else:
        yield Finding("ok", "account", f"{place.account}, stage {place.stage}, stack {place.stack}")


def _region(place: Place) -> Iterator[Finding]:
    partition = boto3.Session().get_partition_for_region(place.region)
    known = boto3.Session().get_available_regions("pinpoint-sms-voice-v2", partition_name=partition)
    if partition != place.partition:
        says = f"{place.region} is of {partition}, the credentials of {place.partition}: sign in to the other one"
        yield Finding("stop", "region", says)
    elif place.region not in known:
        yield Finding("stop", "region", f"{place.region} has no End User Messaging: choose one of {', '.join(known)}")
    else:
        fips = "; set AWS_USE_FIPS_ENDPOINT=true for this command too" if partition == "aws-us-gov" else ""
        yield Finding("ok", "region", f"{place.region} in {partition}{fips}")


def _stack(place: Place) -> Iterator[Finding]:
    formation = place.client("cloudformation")
    try:
        status = formation.describe_stacks(StackName=place.stack)["Stacks"][0]["StackStatus"]
    except ClientError as problem:
        if problem.response["Error"]["Code"] != "ValidationError":
            raise
        yield Finding("ok", "stack", f"{place.stack} is new here")
        return
    if status in _DEAD_ENDS:
        says = f"{place.stack} is {status}: `tenfour destroy --stage {place.stage}` clears it away and keeps all data"
        yield Finding("stop", "stack", says)
    elif status in _HALF_WAY_BACK:
        says = f"{place.stack} is {status}: its events name what could not go back; put that right by hand, then "
        how = f"`aws cloudformation continue-update-rollback --stack-name {place.stack}`"
        yield Finding("stop", "stack", f"{says}{how}; all data stays")
    elif status == "UPDATE_FAILED":
        how = f"`aws cloudformation rollback-stack --stack-name {place.stack}` puts the version before back"
        yield Finding("stop", "stack", f"{place.stack} is {status}: {how}; then try again")
    elif status != "REVIEW_IN_PROGRESS" and not _MAY_BE_CHANGED.fullmatch(status):
        yield Finding("stop", "stack", f"{place.stack} is {status}: wait until that has ended, then try again")
    else:
        yield Finding("ok", "stack", f"{place.stack} is {status}")
