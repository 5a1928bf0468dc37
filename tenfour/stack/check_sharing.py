"""Check that SNS may send by the numbers that it is to send by: each number says who may use it."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.domain.settings.agency import Agency
from tenfour.stack.finding import Finding
from tenfour.stack.place import Place

SNS = "sns.amazonaws.com"


def check_sharing(place: Place, agency: Agency | None) -> Iterator[Finding]:
    """Yield the number that an agency's texts by SNS go from, where its resource policy does not let SNS use it."""
    if agency is None or "sns" not in agency.providers.sms:
        return
    messaging = place.client("pinpoint-sms-voice-v2")
    pages = messaging.get_paginator("describe_phone_numbers").paginate()
    for item in (item for page in pages for item in page["PhoneNumbers"]):
        if item["PhoneNumber"] == agency.numbers.sms_from and SNS not in _policy(messaging, item["PhoneNumberArn"]):
            how = f"End User Messaging, Phone numbers, Resource policy: allow {SNS}"
            yield Finding("live", "texts", f"the settings name SNS, which may not send by {item['PhoneNumber']}: {how}")


def _policy(messaging: Any, number: str) -> str:
    """Return a number's resource policy; empty where it has none."""
    try:
        policy: str = messaging.get_resource_policy(ResourceArn=number).get("Policy", "")
    except ClientError as problem:
        if problem.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return ""
    return policy
