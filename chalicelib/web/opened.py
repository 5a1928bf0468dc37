"""Open what a post came in: gzip around it, and CloudEvents around that."""

from chalice.app import Request

from chalicelib.boundary import Refused, media_type, source_id
from chalicelib.inbound.cad.cloud_events import BATCH, EVENT, Event, read_events, updates_in
from chalicelib.inbound.cad.read_updates import Malformed, Unacceptable
from chalicelib.inbound.cad.update_fields import LARGEST_BODY
from chalicelib.web.compressed import unpacked
from chalicelib.web.letter import Letter

_ENVELOPES = (EVENT, BATCH)


def opened(request: Request, raw: bytes, *, mapped: bool) -> Letter:
    """Return what a request says; Refused."""
    raw = unpacked(raw, request.headers.get("content-encoding", ""), LARGEST_BODY)
    sent_as, source = media_type(request), source_id(request, raw)
    if not sent_as.startswith("application/cloudevents"):
        return Letter(raw, sent_as, source, wrapped=True)
    if sent_as not in _ENVELOPES:
        raise Refused(415, f"content-type: expected {EVENT} or {BATCH}")
    try:
        events = read_events(raw, sent_as)
    except Malformed as malformed:
        raise Refused(400, str(malformed)) from None
    except Unacceptable as unacceptable:
        raise Refused(422, str(unacceptable)) from None
    return _letter(events, source if sent_as == BATCH or "webhook-id" in request.headers else events[0].name, mapped)


def _letter(events: tuple[Event, ...], source: str, mapped: bool) -> Letter:
    inside = {event.media_type for event in events}
    if len(inside) > 1:
        raise Refused(415, "datacontenttype: expected one kind of data in a batch")
    (sent_as,) = inside
    if not mapped:
        if sent_as != "application/json" and not sent_as.endswith("+json"):
            raise Refused(415, "datacontenttype: expected application/json")
        return Letter(updates_in(events), sent_as, source, wrapped=True)
    payloads = tuple(event.payload for event in events)
    return Letter(payloads[0], sent_as, source, payloads if len(payloads) > 1 else (), wrapped=True)
