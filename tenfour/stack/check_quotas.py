"""Compare an account's quotas with the concurrency and request rates that the template needs."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from tenfour.stack.finding import Finding
from tenfour.stack.place import Place

LEFT_FOR_OTHERS = 100
"""Concurrent executions that Lambda keeps unreserved in any account."""

_HOW = "Service Quotas, Lambda, “Concurrent executions” (L-B99A9384); a day or two"


def check_functions(place: Place, template: Mapping[str, Any], parameters: Mapping[str, str]) -> Iterator[Finding]:
    """Yield whether Lambda may reserve what the template reserves, beside what other functions have reserved."""
    reserved = sum(map(_reserved, template["Resources"].values()))
    needed = LEFT_FOR_OTHERS + reserved
    limit = place.client("lambda").get_account_settings()["AccountLimit"]
    allowed, unreserved = limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]
    free = unreserved if unreserved >= needed else unreserved + _reserved_by_us(place)
    if parameters.get("ReserveConcurrency") == "false":
        says = f"nothing is kept free for dispatch: {allowed:,} may run at once, {needed} are needed; ask under {_HOW}"
        yield Finding("live", "functions", f"{says}; then deploy with --parameter ReserveConcurrency=true")
    elif free < needed:
        says = (
            f"Lambda may run {allowed:,} at once here, {free:,} are free and {needed} needed: ask for more under {_HOW}"
        )
        meanwhile = "; meanwhile deploy with --parameter ReserveConcurrency=false" if reserved else ""
        yield Finding("stop", "functions", says + meanwhile)
    else:
        yield Finding("ok", "functions", f"Lambda has {free:,} of {allowed:,} at once free; {needed} are enough")


def check_api(place: Place, template: Mapping[str, Any], parameters: Mapping[str, str]) -> Iterator[Finding]:
    """Yield whether API Gateway answers as often as the template lets it, and who may write its access logs."""
    account = place.client("apigateway").get_account()
    limits = account.get("throttleSettings", {})
    wanted = [each for resource in template["Resources"].values() for each in _throttles(resource)]
    for name, unit in (("rateLimit", "requests a second"), ("burstLimit", "requests at once")):
        most = max((each[f"Throttling{name[0].upper()}{name[1:]}"] for each in wanted), default=0)
        if name not in limits:
            yield Finding("live", "api", f"API Gateway does not say how many {unit} it takes here; {most:,} are needed")
        elif limits[name] < most:
            says = f"API Gateway takes {limits[name]:,.0f} {unit} in this account and region, {most:,} are needed: "
            yield Finding("stop", "api", says + "ask for more under Service Quotas, API Gateway, “Throttle rate”")
        else:
            yield Finding("ok", "api", f"API Gateway takes {limits[name]:,.0f} {unit}; {most:,} are enough")
    role = account.get("cloudwatchRoleArn", "")
    if not role and parameters.get("MakeApiLogRole") == "false":
        says = (
            "API Gateway has no role for its logs in this account and region, and makes no stage that logs without one"
        )
        yield Finding("stop", "api", f"{says}: deploy with --parameter MakeApiLogRole=true")
    others = role and not role.rpartition("/")[2].startswith(f"{place.stack}-ApiAccountRole-")
    if others and parameters.get("MakeApiLogRole") == "true":
        says = f"{role} writes API Gateway's logs for this whole account: keep it with --parameter MakeApiLogRole=false"
        yield Finding("stop", "api", says)


def _reserved_by_us(place: Place) -> int:
    """Return how many of the free functions are kept by the stack that is there: it may keep them."""
    functions = place.client("lambda")
    pages = place.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=place.stack)
    try:
        ours = [
            item["PhysicalResourceId"]
            for page in pages
            for item in page["StackResourceSummaries"]
            if item["ResourceType"] == "AWS::Lambda::Function" and item["ResourceStatus"] != "DELETE_COMPLETE"
        ]
    except ClientError as problem:
        if problem.response["Error"]["Code"] != "ValidationError":
            raise
        return 0
    kept = [functions.get_function_concurrency(FunctionName=name) for name in ours]
    return sum(each.get("ReservedConcurrentExecutions", 0) for each in kept)


def _reserved(resource: Mapping[str, Any]) -> int:
    """Return how many of a function the template keeps free, perhaps on a condition."""
    reserved = resource.get("Properties", {}).get("ReservedConcurrentExecutions", 0)
    value = reserved["Fn::If"][1] if isinstance(reserved, dict) else reserved
    return int(value)


def _throttles(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = resource.get("Properties", {}).get("MethodSettings", [])
    return found
