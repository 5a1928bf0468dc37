"""Take in what somebody authentic posted, and answer what became of each update."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from chalice.app import Response
from msgspec import Struct, to_builtins

from chalicelib.auth import Feed
from chalicelib.boundary import Refused, logger
from chalicelib.domain.incidents.feed_health import tally_of
from chalicelib.domain.incidents.legal_hold import of_incident
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.incidents.receive import Received, receive_updates
from chalicelib.inbound.cad.read_updates import Batch, Malformed, Unacceptable, read_updates
from chalicelib.inbound.cad.rejected import Taken
from chalicelib.ports.errors import Busy
from chalicelib.web.letter import Letter
from chalicelib.web.sender import Sender, use_signature
from chalicelib.wiring import Aws

_PARTIAL = "tenfour-partial"
"""The header of updates beside which the sender knows that others are missing: they show no feed that lives."""

Read = Callable[[bytes, str, str, datetime], Batch]
"""Body, source id, country, now → batch; Malformed, Unacceptable."""


class Post(Struct, frozen=True, kw_only=True):
    """A request of somebody authentic, and the name of the mapping that reads it, if any does."""

    agency_id: str
    feed: Feed
    mapping: str | None
    letter: Letter
    sender: Sender

    @property
    def at(self) -> datetime:
        """Return when it came."""
        return self.sender.at

    @property
    def reads_back(self) -> bool:
        """Tell whether the key may read what it posted."""
        return self.sender.key.reads_back(self.at)


def take(post: Post, world: Aws) -> Response:
    """Take in a post, and note what became of it where its key may read that; Refused."""
    try:
        batch, received = _taken(post, world)
    except Refused as problem:
        if post.reads_back:
            from chalicelib.web.received import note_refused  # loaded by the first that needs it

            note_refused(post, problem, world)
        raise
    if received.hints_lost:
        logger.warning("hints lost", count=received.hints_lost)
    if post.reads_back:
        from chalicelib.web.received import note_taken  # loaded by the first that needs it

        note_taken(post, batch, received, world)
    gone = batch.as_sent(received.taken_back)
    told = Taken(received.accepted, received.duplicates, batch.rejected, gone, batch.passed_over)
    return Response(to_builtins(told), status_code=batch.answer)


def _taken(post: Post, world: Aws) -> tuple[Batch, Received]:
    """Return what was read, and what became of it; Refused."""
    letter, sender = post.letter, post.sender
    # Our own updates are refused at every other address.
    if post.mapping is not None or letter.wrapped or sender.speaks_for_several:
        use_signature(sender, f"{post.feed}/{post.agency_id}", world)
    try:
        batch = _reader(post, world)(letter.raw, letter.source, sender.agency.country, post.at)
        batch = batch.without_nulls() if sender.key.null == "silence" else batch
        return batch, _exercised(batch, post, world) if sender.exercises else _told(batch, post, world)
    except Malformed as malformed:
        raise Refused(400, str(malformed)) from None
    except Unacceptable as unacceptable:
        raise Refused(422, str(unacceptable)) from None
    except Busy as busy:
        raise Refused(503, str(busy), **{"Retry-After": "2"}) from None


def _reader(post: Post, world: Aws) -> Read:
    if post.mapping is None:
        return read_updates
    from chalicelib.web.mapped import mapped_reader  # loaded by the first that needs it

    return mapped_reader(post.agency_id, post.mapping, post.letter, world)


def _told(batch: Batch, post: Post, world: Aws) -> Received:
    """Take in updates, and keep what was rejected; Busy."""
    agency = post.sender.agency
    # Before anything is stored: one incident that fails does not make a feed silent.
    if post.feed == "cad" and not post.sender.headers.get(_PARTIAL):
        told = batch.updates or batch.rejected  # records that a mapping passes over are a heartbeat
        tally = tally_of(batch.updates, len(batch.rejected), agency, post.at) if told else None
        world.settings.note_feed(post.agency_id, post.at, tally)
    set_aside = list(zip(batch.rejected, batch.set_aside, strict=True))
    until = partial(_kept_until, agency, post.at, world)
    world.rejects.keep(post.agency_id, post.letter.source, post.at, set_aside, until)
    return receive_updates(batch.said_by(post.feed), post.letter.source, agency, world, post.at)


def _exercised(batch: Batch, post: Post, world: Aws) -> Received:
    """Take in what a sandbox key posts: no sign of life, and nothing of it is kept to be posted again; Busy."""
    from chalicelib.inbound.cad.exercise import as_exercise  # of sandbox keys alone

    said = as_exercise(batch).said_by(post.feed)
    return receive_updates(said, post.letter.source, post.sender.agency, world, post.at)


def _kept_until(agency: Agency, at: datetime, world: Aws, number: str | None) -> datetime | None:
    """Return how long what was rejected is kept: for good while its incident is under a legal hold."""
    under_hold = number is not None and of_incident(number) in world.settings.held(agency.agency_id)
    return None if under_hold else at + agency.retention.rejected
