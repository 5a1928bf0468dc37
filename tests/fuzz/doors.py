"""Every route over the ports in memory: what is posted to it, and what our own description says that it answers."""

import base64
import hmac
from datetime import UTC, datetime

from chalice.app import Request

from chalicelib.auth import WebhookKey
from chalicelib.carriers.tools import Carriers
from chalicelib.domain.incidents.posted import KEPT_FOR
from chalicelib.virtual.world import MemoryPorts
from chalicelib.web.callbacks import keep_twilio_inbound, keep_twilio_status
from chalicelib.web.pages import home_page, survey_page, unsubscribe_page, verify_page
from chalicelib.web.webhooks import hear, read_back, receive
from tenfour.stack.openapi import build

KEY = b"a key of 24 bytes, made u"


DESCRIBED = build()["paths"]
PAGES = {survey_page: "/s/{token}", unsubscribe_page: "/u/{token}", verify_page: "/real/{agency_id}", home_page: "/"}
PATHS = {
    receive: "/cad/{agency_id}/updates",
    hear: "/cad/{agency_id}/heartbeat",
    read_back: "/cad/{agency_id}/received",
    keep_twilio_status: "/carriers/twilio/status",
    keep_twilio_inbound: "/carriers/twilio/inbound",
    **PAGES,
}


class Rejects:
    """The port that keeps what could not be taken."""

    def __init__(self):
        self.kept = []

    def keep(self, agency_id, source, at, items, keep_until):
        self.kept += items


class Received:
    """The port that keeps what each key posted."""

    def __init__(self):
        self.kept = []

    def keep(self, agency_id, key, posted):
        self.kept.append((agency_id, key, posted))

    def of(self, agency_id, key, now, webhook_id=None):
        ours = [posted for agency, whose, posted in self.kept if (agency, whose) == (agency_id, key)]
        found = [each for each in ours if webhook_id in (None, each.id) and now - each.at < KEPT_FOR]
        return sorted(found, key=lambda each: each.at, reverse=True)[:50]


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
        self.rejects, self.signatures, self.received = Rejects(), Signatures(), Received()
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


def is_described(view, method, response):
    """Tell whether our description has an answer of this status, and in this media type where it names any."""
    listed = DESCRIBED[PATHS[view]][method.lower()]["responses"]
    answer = listed.get(str(response.status_code), listed.get(f"{response.status_code // 100}XX"))
    media_type = str(response.headers.get("Content-Type", "application/json")).partition(";")[0]
    return answer is not None and media_type in answer.get("content", {media_type: {}})
