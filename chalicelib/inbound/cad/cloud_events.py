"""CloudEvents 1.0 around our body or around a vendor's own payload (JSON event format and JSON batch format)."""

import hashlib
import re
from base64 import b64decode
from binascii import Error as NotBase64
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from chalicelib.inbound.cad.json_repair import said_twice, without_half_characters
from chalicelib.inbound.cad.read_updates import Batch, Malformed, Unacceptable
from chalicelib.inbound.cad.rejected import Rejected
from chalicelib.inbound.cad.update_fields import MOST_UPDATES, Body

EVENT, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"

_PLAIN = re.compile(r"[!-~]{1,60}")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_ONCE = ("specversion", "id", "source", "datacontenttype", "data", "data_base64")
_PLACE = re.compile(r"^updates\[\d+\]")

Read = Callable[[bytes, str, str, datetime], Batch]


class Envelope(Struct, frozen=True):
    """An event as it is on the wire; attributes that we don't need are passed over."""

    specversion: str
    id: str
    source: str
    datacontenttype: str | None = None
    data: Raw = Raw(b"null")
    data_base64: str | None = None


class Event(Struct, frozen=True):
    """An event's content, what it says that it is, and a name for it that is as good as a webhook's id."""

    name: str
    media_type: str
    payload: bytes


def read_events(body: bytes, media_type: str) -> tuple[Event, ...]:
    """Return the event of a body, or the events of a batch; Malformed, Unacceptable."""
    raw = Raw(without_half_characters(body.removeprefix(BOM_UTF8)))
    try:
        given = msgspec.json.decode(raw, type=list[Raw]) if media_type == BATCH else [raw]
        events = [_read(one) for one in given]
    except msgspec.ValidationError as problem:
        raise Unacceptable(f"the event: {str(problem).replace('`', '')}") from problem
    except (msgspec.MsgspecError, ValueError, RecursionError) as problem:
        raise problem if isinstance(problem, Malformed | Unacceptable) else Malformed("the event is not JSON") from None
    if not 1 <= len(events) <= MOST_UPDATES:
        raise Unacceptable(f"expected 1 to {MOST_UPDATES} events")
    return tuple(events)


def updates_in(events: Sequence[Event]) -> bytes:
    """Return our body with the updates of all events; an event's data is our body or a single update."""
    updates: list[Raw] = []
    for event in events:
        data = _unquoted(event.payload.removeprefix(BOM_UTF8))
        try:
            updates += msgspec.json.decode(data, type=Body).updates
        except (ValueError, RecursionError):  # a single update, or one to be rejected whose words hold all the same
            updates.append(Raw(data))
    return b'{"updates":[' + b",".join(map(bytes, updates)) + b"]}"


def read_each(read: Read, payloads: Sequence[bytes], source: str, country: str, now: datetime) -> Batch:
    """Read payloads one by one, as if all had been one; one that can't be read is rejected alone; Unacceptable."""
    whole = Batch((), (), (), ())
    for payload in payloads:
        start = len(whole.updates) + len(whole.rejected)
        try:
            one = read(payload, f"{source}:{start}", country, now)
        except (Malformed, Unacceptable) as problem:
            one = Batch((), (Rejected(0, None, f"updates[0]: {problem}"),), ({},), ())
        whole = replace(
            whole,
            updates=whole.updates + one.updates,
            rejected=whole.rejected + tuple(_moved(each, start) for each in one.rejected),
            set_aside=whole.set_aside + one.set_aside,
            salvaged=whole.salvaged + one.salvaged,
            passed_over=whole.passed_over + one.passed_over,
        )
    if len(whole.updates) + len(whole.rejected) > MOST_UPDATES:
        raise Unacceptable(f"updates: expected 1 to {MOST_UPDATES}")
    return whole


def _moved(rejected: Rejected, start: int) -> Rejected:
    index = rejected.index + start
    return replace(rejected, index=index, error=_PLACE.sub(f"updates[{index}]", rejected.error))


def _read(raw: Raw) -> Event:
    twice = said_twice(raw, _ONCE)
    if twice:
        raise Malformed(f"the event: {twice}: there twice")
    event = msgspec.json.decode(raw, type=Envelope)
    if event.specversion != "1.0":
        raise Unacceptable("specversion: expected 1.0")
    media_type = (event.datacontenttype or "application/json").partition(";")[0].strip().lower()
    name = event.id if _PLAIN.fullmatch(event.id) else _digest(event)
    return Event(name, media_type, _payload(event, media_type))


def _payload(event: Envelope, media_type: str) -> bytes:
    """Return the data's bytes. What was text of JSON is UTF-8 now, whatever it says of itself, and marked as such."""
    if event.data_base64 is not None:
        try:
            return b64decode(event.data_base64, validate=True)
        except (NotBase64, ValueError):
            raise Malformed("data_base64: expected base64") from None
    data = bytes(event.data)
    if data[:1] != b'"' or media_type == "application/json" or media_type.endswith("+json"):
        return BOM_UTF8 + data
    return BOM_UTF8 + _XML_DECLARATION.sub("", msgspec.json.decode(data, type=str)).encode()


def _unquoted(data: bytes) -> bytes:
    """Return JSON that some producers write into a text."""
    if not data.startswith(b'"'):
        return data
    try:
        text = msgspec.json.decode(data, type=str)
        msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return data
    return text.encode()


def _digest(event: Envelope) -> str:
    return hashlib.sha256(f"{event.source}\0{event.id}".encode()).hexdigest()[:32]
