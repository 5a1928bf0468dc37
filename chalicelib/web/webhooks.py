"""Posts of dispatch and records systems: who sent them, what is in them, and which of three things they ask for."""

from chalice.app import Request, Response

from chalicelib.auth import Feed
from chalicelib.boundary import Refused, body, media_type, source_id
from chalicelib.inbound.cad.read_updates import holds_updates
from chalicelib.inbound.cad.update_fields import LARGEST_BODY
from chalicelib.web.asked import asked_of, asks_for_no_check
from chalicelib.web.intake import Post, take
from chalicelib.web.letter import Letter
from chalicelib.web.sender import authentic, use_signature
from chalicelib.wiring import Aws, now

_HEARTBEAT = "heartbeat"
"""The address of heartbeats, for all agencies of a key: its sender lives for each of them."""

_NOTHING_TOLD = frozenset({b"", b"{}"})


def receive(agency_id: str, feed: Feed, request: Request, world: Aws) -> Response:
    """Take in a batch of updates, ours or by a mapping of a vendor's, and answer what became of each; Refused."""
    at = now()
    asked = asked_of(request.query_params)
    mapping = asked.get("mapping")
    if mapping is None and not _is_json(media_type(request)):
        raise Refused(415, "content-type: expected application/json")
    raw = body(request, LARGEST_BODY)
    sender = authentic(agency_id, feed, request, raw, world, at)
    letter = _opened(request, raw, mapped=mapping is not None)
    post = Post(agency_id=agency_id, feed=feed, mapping=mapping, letter=letter, sender=sender)
    if "check" in asked:
        from chalicelib.web.checked import answer_check  # loaded by the first that needs it

        return answer_check(post, asked["check"], world)
    return take(post, world)


def read_back(agency_id: str, feed: Feed, request: Request, world: Aws) -> Response:
    """Answer what a key posted lately; Refused."""
    sender = authentic(agency_id, feed, request, body(request, LARGEST_BODY), world, now())
    from chalicelib.web.received import answer_received  # loaded by the first that needs it

    return answer_received(sender, request, world)


def hear(agency_id: str, request: Request, world: Aws) -> Response:
    """Note that a feed lives; Refused."""
    asks_for_no_check(request.query_params)
    raw = body(request, LARGEST_BODY)
    sender = authentic(agency_id, "cad", request, raw, world, now())
    if sender.exercises:  # no word of a sandbox key says that the feed lives
        return Response({"heard": True, "exercise": True}, status_code=202)
    if raw.strip() not in _NOTHING_TOLD:  # what tells nothing could be used at any address
        if sender.signature and holds_updates(sender.raw):  # as they were signed, compressed or not
            raise Refused(401, "the signature is of updates, which are no heartbeat: sign each request anew")
        use_signature(sender, _HEARTBEAT, world)
    world.settings.note_feed(agency_id, sender.at)
    return Response({"heard": True}, status_code=202)


def _is_json(sent_as: str) -> bool:
    return sent_as == "application/json" or (sent_as.startswith("application/") and sent_as.endswith("+json"))


def _opened(request: Request, raw: bytes, *, mapped: bool) -> Letter:
    """Return what a request says, without what it came in; Refused."""
    if "content-encoding" not in request.headers and not media_type(request).startswith("application/cloudevents"):
        return Letter(raw, media_type(request), source_id(request, raw))
    from chalicelib.web.opened import opened  # loaded by the first that needs it

    return opened(request, raw, mapped=mapped)
