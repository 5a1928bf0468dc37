"""The world of a receiver on this machine: the webhook's own ports in memory, and one key."""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.auth import Feed, WebhookKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.virtual.world import MemoryPorts

SECRET_BYTES = 32
MAPPING = "certify"
"""The name of the mapping in the address, whatever its file is called."""


def new_secret() -> str:
    """Return a signing secret that nobody can guess."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


class World(MemoryPorts):
    """All that the webhooks ask of the world. Nothing leaves memory."""

    cad_domain = ""

    def __init__(self, agency: Agency, secret: str, bearer: str = "", mapping: str = "") -> None:
        super().__init__(agency)
        feeds: tuple[Feed, ...] = ("cad", "rms")
        self.webhook_keys = tuple(
            WebhookKey(name=f"certify {feed}", feed=feed, agencies=(agency.agency_id,), secret=secret, bearer=bearer)
            for feed in feeds
        )
        self.rejects = self.received = _Nowhere()
        self.signatures = _Signatures()
        self.mappings = _Mappings(mapping)


class _Nowhere:
    """Keeps nothing of what was posted or rejected: the report has what is wrong with it."""

    def keep(self, *_what: object) -> None:
        """Pass over what would be kept for a day, or for 30."""


class _Signatures:
    """Knows where a signature was used."""

    def __init__(self) -> None:
        self._used: dict[str, str] = {}

    def use(self, signature: str, address: str, _until: datetime) -> bool:
        """Tell whether a signature was used at no other address."""
        return self._used.setdefault(signature, address) == address


class _Mappings:
    """Has the mapping under test, under any name."""

    def __init__(self, text: str) -> None:
        self._text = text

    def text(self, _agency_id: str, _name: str) -> str | None:
        """Return the mapping, or None."""
        return self._text or None


def as_event(method: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, str]) -> dict[str, Any]:
    """Return a request as API Gateway hands it over."""
    return {
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "headers": dict(headers),
        "pathParameters": {},
        "requestContext": {"httpMethod": method, "resourcePath": "/"},
        "stageVariables": None,
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
