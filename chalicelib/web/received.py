"""`GET /cad/{agency_id}/received`: what a key posted in the last 24 hours, for its holder alone."""

from datetime import datetime

from chalice.app import Request, Response
from msgspec import Struct, to_builtins
from pynamodb.exceptions import PynamoDBException

from chalicelib.boundary import Refused, report
from chalicelib.domain.incidents.posted import KEPT_FOR, Posted
from chalicelib.flow.incidents.receive import Received
from chalicelib.inbound.cad.read_updates import Batch
from chalicelib.insight.posted.keep import posted_of, refused
from chalicelib.web.intake import Post
from chalicelib.web.sender import Sender
from chalicelib.wiring import Aws


class ReadBack(Struct, frozen=True, kw_only=True):
    """The requests of one key, newest first."""

    key: str
    since: datetime
    requests: tuple[Posted, ...]


def note_taken(post: Post, batch: Batch, received: Received, world: Aws) -> None:
    """Keep what became of a request's updates."""
    _keep(posted_of(batch, post.letter.source, post.at, received), post, world)


def note_refused(post: Post, problem: Refused, world: Aws) -> None:
    """Keep that a request was refused as a whole, and why."""
    _keep(refused(post.letter.source, post.at, problem.status, problem.error), post, world)


def _keep(posted: Posted, post: Post, world: Aws) -> None:
    """Keep what became of a request; what could not be kept is logged, and changes no answer."""
    try:
        world.received.keep(post.sender.agency.agency_id, post.sender.key.kept_under, posted)
    except PynamoDBException as error:
        report(error, "keep what was received")


def answer_received(sender: Sender, request: Request, world: Aws) -> Response:
    """Answer what a key posted, all or under one id; Refused."""
    key, at = sender.key, sender.at
    if not key.reads_back(at):
        raise Refused(403, "this key may not read back; the agency allows it with `tenfour keys read-back`")
    asked = request.query_params.get("id") if request.query_params else None
    found = world.received.of(sender.agency.agency_id, key.kept_under, at, asked)
    told = ReadBack(key=key.name, since=at - KEPT_FOR, requests=tuple(found))
    return Response(to_builtins(told), status_code=200)
