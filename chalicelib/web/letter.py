"""A request's content, without what it came in."""

from msgspec import Struct


class Letter(Struct, frozen=True):
    """A body, what it says that it is, and the name that its sender gave it.

    `several` are the payloads of a batch of events that a mapping reads one by one. `wrapped` tells that the request
    had something around it, so that its bytes alone don't show that it is of updates.
    """

    raw: bytes
    media_type: str
    source: str
    several: tuple[bytes, ...] = ()
    wrapped: bool = False
