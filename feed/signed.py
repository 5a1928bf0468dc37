"""The headers of a signed request, as dispatch and records systems send it (Standard Webhooks)."""

from datetime import datetime

from standardwebhooks import Webhook


def signed(signer: Webhook, name: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a JSON body; `name` is the sender's own for the request, the same when it is sent again."""
    return {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signer.sign(name, at, body.decode()),
    }
