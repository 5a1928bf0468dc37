"""Look for what another stack, or a hand, has left in the way of a new one: names that only one thing can have."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from tenfour.stack.change import outputs_of, parameters_of
from tenfour.stack.finding import Finding
from tenfour.stack.place import Place


def check_leftovers(place: Place, parameters: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what CloudFormation would trip over: a domain that SES knows already, a number of another pool."""
    known = parameters_of(place) or {}
    domain = parameters.get("EmailDomain")
    if domain and domain != known.get("EmailDomain") and _is_known(place.client("sesv2"), domain):
        says = f"{domain} is an identity in SES already: leave EmailDomain out and it stays, or delete it first"
        yield Finding("stop", "email", says)
    numbers = [arn.strip() for arn in parameters.get("TextNumbers", "").split(",") if arn.strip()]
    if numbers:
        yield from _other_pools(place, numbers, outputs_of(place).get("TextPool"))


def _is_known(ses: Any, domain: str) -> bool:
    try:
        ses.get_email_identity(EmailIdentity=domain)
    except ClientError as problem:
        if problem.response["Error"]["Code"] != "NotFoundException":
            raise
        return False
    return True


def _other_pools(place: Place, numbers: list[str], ours: str | None) -> Iterator[Finding]:
    """Yield the numbers that another pool has: a number is in one pool at most."""
    pages = place.client("pinpoint-sms-voice-v2").get_paginator("describe_phone_numbers").paginate()
    for item in (item for page in pages for item in page["PhoneNumbers"]):
        pool = item.get("PoolId")
        if item["PhoneNumberArn"] in numbers and pool and pool != ours:
            says = f"{item['PhoneNumber']} is in the pool {pool}: take it out of it, End User Messaging, Pools"
            yield Finding("stop", "texts", says)
