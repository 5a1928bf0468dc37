"""Make a key for a vendor, and say how it opens."""

import base64
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.auth import Feed, Null, WebhookKey

Way = Literal["signature", "bearer", "basic", "header"]
"""The ways in which a key may open; all but the first are weaker, since the key itself travels."""

READS_BACK = timedelta(days=30)
"""So long a new key may read what it posted: a vendor needs it while it is connected, and it costs a write."""

_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_TAKEN = (
    *("webhook-", "content-", "ce-", "host", "accept", "connection", "transfer-", "x-forwarded-", "x-amz", "cookie"),
)


def is_header(name: str) -> bool:
    """Tell whether a key may stand in a header of this name: nothing else uses it."""
    return _HEADER.fullmatch(name) is not None and not name.lower().startswith(_TAKEN)


def shown_secret(key: WebhookKey) -> str:
    """Return what the vendor must have of a key."""
    header = f"{key.header_name}: {key.header}" if key.header else ""
    return key.secret or key.bearer or key.basic or header


def fresh_key(
    name: str,
    feed: Feed,
    agency_id: str,
    way: Way = "signature",
    *,
    header_name: str = "x-api-key",
    sandbox: bool = False,
    received_until: datetime | None = None,
    null: Null = "takes_back",
) -> WebhookKey:
    """Return a new key that opens in one way."""
    word = secrets.token_urlsafe(32)
    return WebhookKey(
        name=name,
        feed=feed,
        agencies=() if sandbox else (agency_id,),
        sandbox=(agency_id,) if sandbox else (),
        secret=signing_secret() if way == "signature" else "",
        bearer=word if way == "bearer" else "",
        basic=f"{name}:{word}" if way == "basic" else "",
        header=word if way == "header" else "",
        header_name=header_name,
        received_until=received_until,
        null=null,
    )


def ways_of(key: WebhookKey) -> tuple[Way, ...]:
    """Return the ways in which a key opens."""
    has: dict[Way, str] = {"signature": key.secret, "bearer": key.bearer, "basic": key.basic, "header": key.header}
    return tuple(way for way, secret in has.items() if secret)


def as_sent(key: WebhookKey) -> Mapping[str, str]:
    """Return the header that opens for a key that does not sign."""
    if key.bearer:
        return {"authorization": f"Bearer {key.bearer}"}
    if key.basic:
        return {"authorization": f"Basic {base64.b64encode(key.basic.encode()).decode()}"}
    return {key.header_name: key.header}


def signing_secret() -> str:
    """Return a new signing secret by the Standard Webhooks scheme: 256 bits."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
