"""Posts of dispatch and records systems: authenticated, taken in by one flow, and answered update by update."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from chalice.app import Request, Response
from msgspec import Struct, to_builtins

from chalicelib.auth import TOLERANCE, Feed, Unauthentic, WebhookKey, authenticate, signature_of
from chalicelib.boundary import Refused, body, logger, media_type, source_id
from chalicelib.domain.incidents.feed_health import tally_of
from chalicelib.domain.incidents.legal_hold import of_incident
from chalicelib.domain.names import is_agency_id
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.inbound.cad.read_updates import Batch, Malformed, Unacceptable, holds_updates, read_updates
from chalicelib.inbound.cad.rejected import Taken
from chalicelib.inbound.cad.update_fields import LARGEST_BODY
from chalicelib.ports.errors import Busy
from chalicelib.wiring import Aws, now

REMEMBERED = 3 * TOLERANCE
"""How long it is known where a signature was used: longer than any clock lets it be used."""

_HEARTBEAT = "heartbeat"
"""The address of heartbeats, for all agencies of a key: its sender lives for each of them."""

_NOTHING_TOLD = frozenset({b"", b"{}"})

Read = Callable[[bytes, str, str, datetime], Batch]
"""Body, source id, country, now → batch; Malformed, Unacceptable."""


def receive(agency_id: str, feed: Feed, request: Request, world: Aws) -> Response:
    """Take in a batch of updates, ours or by a mapping of a vendor's, and answer what became of each; Refused."""
    at = now()
    mapping = request.query_params.get("mapping") if request.query_params else None
    if mapping is None and media_type(request) != "application/json":
        raise Refused(415, "content-type: expected application/json")
    raw = body(request, LARGEST_BODY)
    sender, source = _authentic(agency_id, feed, request, raw, world), source_id(request, raw)
    if mapping is not None or sender.speaks_for_several:  # our own updates are refused at every other address
        _use(sender, f"{feed}/{agency_id}", world)
    agency = sender.agency
    read = read_updates if mapping is None else _mapped(agency_id, mapping, request, world)
    try:
        batch = read(raw, source, agency.country, at)
        if feed == "cad":  # before anything is stored: one incident that fails does not make a feed silent
            world.settings.note_feed(agency_id, at, tally_of(batch.updates, len(batch.rejected), agency, at))
        set_aside = list(zip(batch.rejected, batch.set_aside, strict=True))
        world.rejects.keep(agency_id, source, at, set_aside, partial(_kept_until, agency, at, world))
        received = receive_updates(batch.said_by(feed), source, agency, world, at)
    except Malformed as malformed:
        raise Refused(400, str(malformed)) from None
    except Unacceptable as unacceptable:
        raise Refused(422, str(unacceptable)) from None
    except Busy as busy:
        raise Refused(503, str(busy), **{"Retry-After": "2"}) from None
    if received.hints_lost:
        logger.warning("hints lost", count=received.hints_lost)
    taken = Taken(received.accepted, received.duplicates, batch.rejected)
    return Response(to_builtins(taken), status_code=202 if batch.updates else 422)


def _mapped(agency_id: str, mapping: str, request: Request, world: Aws) -> Read:
    """Return how a published mapping reads a body; Refused."""
    from chalicelib.web.mapped import mapped_reader  # loaded by the first that needs it

    return mapped_reader(agency_id, mapping, media_type(request), world)


def hear(agency_id: str, request: Request, world: Aws) -> Response:
    """Note that a feed lives; Refused."""
    raw = body(request, LARGEST_BODY)
    sender = _authentic(agency_id, "cad", request, raw, world)
    if raw.strip() not in _NOTHING_TOLD:  # what tells nothing could be used at any address
        if sender.signature and holds_updates(raw):
            raise Refused(401, "the signature is of updates, which are no heartbeat: sign each request anew")
        _use(sender, _HEARTBEAT, world)
    world.settings.note_feed(agency_id, now())
    return Response({"heard": True}, status_code=202)


def _kept_until(agency: Agency, at: datetime, world: Aws, number: str | None) -> datetime | None:
    """Return how long what was rejected is kept: for good while its incident is under a legal hold."""
    under_hold = number is not None and of_incident(number) in world.settings.held(agency.agency_id)
    return None if under_hold else at + agency.retention.rejected


class _Sender(Struct, frozen=True):
    """Who sent a request: the agency that it speaks for, the key, and what names its signature, if it has one."""

    agency: Agency
    key: WebhookKey
    signature: str | None

    @property
    def speaks_for_several(self) -> bool:
        return len(self.key.agencies) > 1


def _authentic(agency_id: str, feed: Feed, request: Request, raw: bytes, world: Aws) -> _Sender:
    """Return who sent a request; Refused."""
    if world.cad_domain and request.context.get("domainName") != world.cad_domain:
        raise Refused(403, f"post to {world.cad_domain}, which asks for your certificate")
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        key = authenticate(headers, raw, feed, world.webhook_keys, now())
    except Unauthentic as unauthentic:
        raise Refused(401, str(unauthentic)) from None
    if agency_id not in key.agencies:
        raise Refused(401, "agency_id: the key is not for this agency")
    agency = world.settings.agency(agency_id) if is_agency_id(agency_id) else None
    if agency is None:
        raise Refused(404, "agency_id: no such agency")
    return _Sender(agency, key, signature_of(key, headers, raw))


def _use(sender: _Sender, address: str, world: Aws) -> None:
    """Note at which address a signature is used, by one write; Refused where it was used at another."""
    if sender.signature and not world.signatures.use(sender.signature, address, now() + REMEMBERED):
        raise Refused(401, "the signature was used at another address: sign each request anew")
