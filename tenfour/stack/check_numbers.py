"""Check that a STOP to each number reaches this stack, whether the number is by itself or in a pool.

AWS answers STOP and HELP itself, and tells nobody, unless opt-outs are self-managed. Then all texts go to the topic of
the two-way channel. A toll-free number is the exception: its carrier takes STOP, whatever is set. Source: AWS End User
Messaging SMS User Guide, "Self managed opt-outs" and "Required opt-out keywords".
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.settings.agency import Agency
from tenfour.stack.finding import Finding

Described = Mapping[str, Any]

POOLS_OWN = ("MessageType", "OptOutListName", "SelfManagedOptOutsEnabled", "TwoWayChannelArn", "TwoWayEnabled")
"""The settings in which all numbers of a pool must agree before it is made."""

TOLL_FREE = "TOLL_FREE"


def check_numbers(
    messaging: Any, agency: Agency | None, pooled: Sequence[str], replies: Callable[[], str]
) -> Iterator[Finding]:
    """Yield whether each number may send, and whether a STOP to it is heard; then whether a pool can be made."""
    found = _described(messaging, "describe_phone_numbers", "PhoneNumbers")
    by_number = {item["PhoneNumber"]: item for item in found}
    wanted = [agency.numbers.sms_from] if agency else sorted(by_number)
    if not wanted:
        yield Finding("live", "texts", "no number to send from: request one, End User Messaging, Phone numbers")
    for number in wanted:
        item = by_number.get(number)
        if item is None:
            says = f"{number}, the settings' numbers.sms_from, is not in this account and region"
            yield Finding("live", "texts", says)
        elif item["Status"] != "ACTIVE":
            yield Finding("live", "texts", f"{number} is {item['Status']}: it sends once its registration is complete")
        elif item["PhoneNumberArn"] in pooled and not item.get("PoolId"):
            yield Finding("ok", "texts", f"{number} is active, and goes into the stack's pool, where STOP is heard")
        else:
            yield _heard(messaging, item, replies)
    yield from _poolable([item for item in found if item["PhoneNumberArn"] in pooled])


def _heard(messaging: Any, number: Described, replies: Callable[[], str]) -> Finding:
    """Return whether a STOP to an active number is heard; in a pool, the pool's settings count."""
    name, rules = number["PhoneNumber"], number
    if pool := number.get("PoolId"):
        name = f"{name} in {pool}"
        (rules,) = messaging.describe_pools(PoolIds=[pool])["Pools"]
    if not rules["TwoWayEnabled"]:
        says = f"{name} takes no answers, so STOP is not heard here: switch two-way on, to the topic RepliesTopic"
        return Finding("live", "texts", says)
    topic, told = replies(), rules.get("TwoWayChannelArn", "")
    if topic and told != topic:
        says = f"{name} sends answers to {told or 'nowhere'}, so STOP is not heard here: send them to {topic}"
        return Finding("live", "texts", says)
    if number["NumberType"] == TOLL_FREE:
        says = f"{name} is active and takes answers; its carrier takes STOP alone, and tells us when it refuses a text"
        return Finding("ok", "texts", says)
    if not rules["SelfManagedOptOutsEnabled"]:
        says = f"{name}: AWS answers STOP and HELP itself, so STOP is not heard here: switch self-managed opt-outs on"
        return Finding("live", "texts", says)
    if words := _optional_keywords(messaging, pool or number["PhoneNumberId"]):
        says = f"{name}: AWS acts on texts that begin with {', '.join(words)}: delete these keywords"
        return Finding("live", "texts", says)
    heard = "STOP is heard here" if topic else f"once the stack is there, send its answers ({told}) to RepliesTopic"
    return Finding("ok", "texts", f"{name} is active, and {heard}")


def _optional_keywords(messaging: Any, identity: str) -> list[str]:
    """Return the keywords that AWS would act on beside us; STOP and HELP are always there."""
    pages = messaging.get_paginator("describe_keywords").paginate(OriginationIdentity=identity)
    words = {item["Keyword"].upper() for page in pages for item in page["Keywords"]}
    return sorted(words - {"STOP", "HELP"})


def _poolable(numbers: Sequence[Described]) -> Iterator[Finding]:
    """Yield what keeps numbers from being put into one pool."""
    for item in numbers:
        if item["NumberType"] == TOLL_FREE:
            says = f"{item['PhoneNumber']} is toll-free and can't be in TextNumbers: name it in the settings alone"
            yield Finding("stop", "texts", f"{says}, and send its answers to RepliesTopic")
    new = [item for item in numbers if not item.get("PoolId")]
    unequal = [name for name in POOLS_OWN if len({str(item.get(name)) for item in new}) > 1]
    if unequal:
        names, ours = ", ".join(item["PhoneNumber"] for item in new), ", ".join(unequal)
        says = f"{names} can't be put into one pool: they differ in {ours}. Make these equal by update-phone-number"
        yield Finding("stop", "texts", says)


def _described(messaging: Any, operation: str, key: str) -> list[Described]:
    pages = messaging.get_paginator(operation).paginate()
    return [item for page in pages for item in page[key]]
