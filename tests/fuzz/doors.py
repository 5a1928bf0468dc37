"""Every route over the ports in memory: what is posted to it, and what it answers."""

import base64
import hmac
from datetime import UTC, datetime

from chalice.app import Request

from chalicelib.auth import WebhookKey
from chalicelib.carriers.tools import Carriers
from chalicelib.virtual.world import MemoryPorts

KEY = b"a key of 24 bytes, made u"


class Rejects:
    """The port that keeps what could not be taken."""

    def __init__(self):
        self.kept = []

    def keep(self, agency_id, source, at, items, keep_until):
        self.kept += items


class Signatures:
    """The port that knows where a signature was used."""

    def __init__(self):
        self.used = {}

    def use(self, signature, address, _until):
        return self.used.setdefault(signature, address) == address


class Doors(MemoryPorts):
    """All that routes ask of the world."""

    webhook_keys = (
        WebhookKey(name="cad", feed="cad", agencies=("springfield",), secret="whsec_" + base64.b64encode(KEY).decode()),
        WebhookKey(name="rms", feed="rms", agencies=("springfield",), secret="whsec_" + base64.b64encode(KEY).decode()),
    )
    carriers = Carriers()
    cad_domain = ""

    def __init__(self, *agencies):
        super().__init__(*agencies)
        self.rejects, self.signatures = Rejects(), Signatures()
        self.receipts, self.replies = [], []
        self.keep_receipt, self.keep_reply = self.receipts.append, self.replies.append


def request(method="GET", body=b"", headers=None, query=None, path="/"):
    """Return a request as API Gateway hands it over."""
    event = {
        "multiValueQueryStringParameters": {name: [value] for name, value in (query or {}).items()} or None,
        "headers": headers or {},
        "pathParameters": {},
        "requestContext": {"httpMethod": method, "resourcePath": path},
        "stageVariables": None,
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
    return Request(event)


def signed(body, headers=None):
    """Return headers that sign a body now."""
    at = str(int(datetime.now(UTC).timestamp()))
    digest = hmac.digest(KEY, b".".join((b"msg_1", at.encode(), body)), "sha256")
    return {
        "content-type": "application/json",
        "webhook-id": "msg_1",
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        **(headers or {}),
    }
