"""Who sent a request: the key that it was made with, its agency, and where its signature was used before."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from chalice.app import Request
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.auth import TOLERANCE, Feed, Unauthentic, WebhookKey, authenticate, signature_of
from chalicelib.boundary import Refused
from chalicelib.domain.names import is_agency_id, sandbox_of
from chalicelib.domain.settings.agency import Agency
from chalicelib.inbound.cad.update_fields import LARGEST_BODY
from chalicelib.wiring import Aws

REMEMBERED = 3 * TOLERANCE
"""How long it is known where a signature was used: longer than any clock lets it be used."""


class Sender(Struct, frozen=True):
    """Who sent a request: the agency that it speaks for, the key, the request as it was signed, and when it came.

    `exercises` is true of a sandbox key. Its agency has the settings of the real one, and a name of its own under which
    all is kept, so that it can't touch what anybody else said.
    """

    agency: Agency
    key: WebhookKey
    headers: Mapping[str, str]
    raw: bytes
    at: datetime
    exercises: bool = False

    @property
    def signature(self) -> str | None:
        """Return what names the request's signature, if it has one."""
        return signature_of(self.key, self.headers, self.raw)

    @property
    def speaks_for_several(self) -> bool:
        """Tell whether the key is for several agencies."""
        return len(self.key.posts_to) > 1


def authentic(agency_id: str, feed: Feed, request: Request, raw: bytes, world: Aws, at: datetime) -> Sender:
    """Return who sent a request; Refused."""
    if world.cad_domain and request.context.get("domainName") != world.cad_domain:
        raise Refused(403, f"post to {world.cad_domain}, which asks for your certificate")
    headers: Mapping[str, str] = request.headers  # which Chalice finds by names in small letters
    key, raw = _key_of(headers, raw, feed, world, at)
    if agency_id not in key.posts_to:
        raise Refused(401, "agency_id: the key is not for this agency")
    agency = world.settings.agency(agency_id) if is_agency_id(agency_id) else None
    if agency is None:
        raise Refused(404, "agency_id: no such agency")
    if agency_id in key.sandbox:
        return Sender(replace(agency, agency_id=sandbox_of(agency_id)), key, headers, raw, at, exercises=True)
    return Sender(agency, key, headers, raw, at)


def _key_of(headers: Mapping[str, str], raw: bytes, feed: Feed, world: Aws, at: datetime) -> tuple[WebhookKey, bytes]:
    """Return the key of a request, and the bytes that it signed: as they came, or before they were compressed; Refused.

    API Gateway may have unpacked them already: then nobody knows any more how they were compressed.
    """
    try:
        return authenticate(headers, raw, feed, world.webhook_keys, at), raw
    except Unauthentic as unauthentic:
        said = str(unauthentic)
    if "content-encoding" in headers and "webhook-signature" in headers:
        from chalicelib.web.compressed import unpacked  # loaded by the first that needs it

        plain = unpacked(raw, headers["content-encoding"], LARGEST_BODY)
        with suppress(Unauthentic):
            return authenticate(headers, plain, feed, world.webhook_keys, at), plain
    raise Refused(401, said)


def use_signature(sender: Sender, address: str, world: Aws) -> None:
    """Note at which address a signature is used, by one write; Refused where it was used at another."""
    signature = sender.signature
    if signature and not world.signatures.use(signature, address, sender.at + REMEMBERED):
        raise Refused(401, "the signature was used at another address: sign each request anew")
