"""The last steps of a rehearsal: they come whatever happened before."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tenfour.common.errors import CityFailed
from tenfour.stack.destroy import SHORTEST_REGRET, delete_data, destroy, keepers
from tenfour.stack.rehearse_bench import Bench, NotTried

KEY = "AWS::KMS::Key"

GONE_WITHIN = 120.0
"""Seconds: a table is listed while it is being deleted."""


def take_away(bench: Bench) -> Iterator[str]:
    """Delete the stack."""
    if not bench.asked_for_stack:
        raise NotTried("no stack was made")
    bench.kept = keepers(bench.place)
    told: list[str] = []
    destroy(bench.place, told.append)
    yield from told


def empty_out(bench: Bench) -> Iterator[str]:
    """Delete all that its template retains, the key last; one that fails keeps no other."""
    if not bench.kept:
        raise NotTried("nothing was retained")
    lines: list[str] = []
    for keeper in sorted(bench.kept, key=lambda each: each.type == KEY):
        try:
            delete_data(bench.place, [keeper], lines.append, days=SHORTEST_REGRET)
        except (ClientError, BotoCoreError) as problem:
            lines.append(f"stays: {keeper.name} ({keeper.id}): {problem}")
    yield from lines
    yield f"the key and the secrets are gone for good after {SHORTEST_REGRET} days"
    if stay := sum(line.startswith("stays: ") for line in lines):
        raise CityFailed(f"{stay} of these stay: delete them by hand")


def free_log_role(bench: Bench) -> Iterator[str]:
    """Take back the role for API Gateway's logs, if the rehearsal made it: the template retains it."""
    gateway, roles = bench.place.client("apigateway"), bench.place.client("iam")
    name = str(gateway.get_account().get("cloudwatchRoleArn") or "").rpartition("/")[2]
    if not name.startswith(f"{bench.place.stack}-ApiAccountRole-"):
        raise NotTried("the account's role is not the rehearsal's")
    cleared = {"op": "replace", "path": "/cloudwatchRoleArn", "value": ""}
    gateway.update_account(patchOperations=[cleared])
    yield "API Gateway's setting is empty again"
    for policy in roles.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        roles.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    roles.delete_role(RoleName=name)
    yield "the role is deleted"


def look_behind(bench: Bench) -> Iterator[str]:
    """Look for tables, buckets and functions by the stack's name; CityFailed where some are left."""
    if not bench.asked_for_stack:
        raise NotTried("no stack was made")
    give_up_at = time.monotonic() + GONE_WITHIN
    while (left := _left(bench)) and time.monotonic() < give_up_at:
        time.sleep(2)
    yield f"left: {', '.join(sorted(left)) or 'nothing'}"
    if left:
        raise CityFailed(f"{len(left)} are left: delete them by hand")


def _left(bench: Bench) -> list[str]:
    return [name for name in _names(bench.place.client) if name.startswith(f"{bench.place.stack}-")]


def _names(client: Callable[..., Any]) -> Iterator[str]:
    for page in client("dynamodb").get_paginator("list_tables").paginate():
        yield from page["TableNames"]
    for bucket in client("s3").list_buckets()["Buckets"]:
        yield bucket["Name"]
    for page in client("lambda").get_paginator("list_functions").paginate():
        yield from (function["FunctionName"] for function in page["Functions"])


AWAY = (
    ("taking away", "cloudformation:DeleteStack, and wait", take_away),
    ("data", "deletion of each table, bucket, log, secret and key that the template retains", empty_out),
    ("log role", "apigateway:UpdateAccount, iam:DeleteRole, if the rehearsal made the role", free_log_role),
    ("what is left", "tables, buckets and functions by the stack's name", look_behind),
)
