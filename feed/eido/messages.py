"""The messages of NENA-STA-024.1, section 2.1: read and written, and nothing else. Pure.

Each is a JSON object with one key that names it. Some notifiers send `eventNotify` beside or in the place of `event`,
with a count of notifications and without a transaction's name: all that is read, and answered in kind.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct

T = TypeVar("T")
Name = str | int
OK, UNREADABLE, TOO_LARGE = 200, 400, 413
_EVENTS = ("event", "eventNotify")
_WORDS = {481: "Subscription Does Not Exist"}
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Unreadable(ValueError):
    """A message that is none of the standard's; the text says why, without a word of it."""


class Subscribed(Struct, frozen=True, rename="camel"):
    """The answer to a subscription or to its renewal; `expires` and `min_rate` are seconds."""

    status_code: int
    request_id: Name | None = None
    subscription_id: Name | None = None
    expires: float | None = None
    min_rate: float | None = None


class Event(Struct, frozen=True, rename="camel"):
    """A notification; `notify_count` grows by one with each of a subscription, where the notifier counts them."""

    subscription_id: Name | None = None
    transaction_id: Name | None = None
    notify_count: int | None = None
    notification: tuple[Raw, ...] = ()


class WrongEvent(Struct, frozen=True):
    """A notification that can't be read, but perhaps be answered."""

    event: Event


class Terminate(Struct, frozen=True, rename="camel"):
    """The notifier ends the subscription."""

    request_id: Name | None = None
    subscription_id: Name | None = None


class Unsubscribed(Struct, frozen=True):
    """The answer to the end of a subscription."""


class Other(Struct, frozen=True):
    """A message that the standard does not have; nothing is said about incidents in it as far as anybody knows."""


Message = Subscribed | Event | WrongEvent | Terminate | Unsubscribed | Other


def read_message(data: bytes) -> Message:
    """Read a message; Unreadable."""
    told = _decoded(data, dict[str, Raw])
    if any(name in told for name in _EVENTS):
        return _event([told[name] for name in _EVENTS if name in told])
    if "subscribeResponse" in told:
        return _decoded(told["subscribeResponse"], Subscribed)
    if "terminate" in told:
        return _decoded(told["terminate"], Terminate)
    return Unsubscribed() if "unsubscribeResponse" in told else Other()


def _event(parts: list[Raw]) -> Event | WrongEvent:
    fields: dict[str, Raw] = {}
    for part in parts:
        fields |= _decoded(part, dict[str, Raw])
    notification = fields.pop("notification", None)
    event = _decoded(msgspec.json.encode(fields), Event)
    try:
        return msgspec.structs.replace(event, notification=_eidos(notification))
    except Unreadable:
        return WrongEvent(event)


def _eidos(notification: Raw | None) -> tuple[Raw, ...]:
    if notification is None or bytes(notification) == b"null":
        return ()
    if bytes(notification).startswith(b"{"):
        return (notification.copy(),)
    return tuple(_decoded(notification, list[Raw]))


def _decoded(data: bytes | Raw, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=kind, strict=False)
    except _UNREADABLE as problem:
        raise Unreadable(f"a message that is none of NENA-STA-024.1: {type(problem).__name__}") from problem


def subscribe(request: str, wanted: Mapping[str, Any]) -> str:
    """Return a new subscription to all incidents."""
    told = {"requestId": request, "requestType": "EIDO", "requestSubType": "new", **wanted}
    return _written(subscribe=told)


def renew(request: str, subscription: Name, expires: int) -> str:
    """Return the renewal of a subscription; what it is about may not be said again."""
    return _written(subscribe={"requestId": request, "subscriptionId": subscription, "expires": expires})


def unsubscribe(request: str, subscription: Name) -> str:
    """Return the end of a subscription."""
    return _written(unsubscribe={"requestId": request, "subscriptionId": subscription})


def answer(event: Event, status: int) -> str:
    """Return the answer to a notification; by its count, where it has no other name."""
    named: dict[str, Any] = {"transactionId": event.transaction_id}
    if event.transaction_id is None:
        named = {"subscriptionId": event.subscription_id, "notifyCount": event.notify_count}
    told = {name: value for name, value in named.items() if value is not None}
    return _written(eventResponse={**told, **_status(status)})


def terminated(message: Terminate) -> str:
    """Return the answer to a notifier that ends the subscription."""
    named = {"requestId": message.request_id, "subscriptionId": message.subscription_id}
    told = {name: value for name, value in named.items() if value is not None}
    return _written(terminateResponse={**told, **_status(OK)})


def words_of(status: int) -> str:
    """Return what a status means, in our words: those of the other side may hold anything."""
    try:
        return f"{status} {_WORDS.get(status) or HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _status(status: int) -> dict[str, Any]:
    return {"statusCode": status, "statusText": HTTPStatus(status).phrase}


def _written(**message: Any) -> str:
    return msgspec.json.encode(message).decode()
