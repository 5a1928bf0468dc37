"""HAR 1.2, as far as a conformance run needs it: what browsers' and proxies' tools save."""

import msgspec
from msgspec import Struct, field

from chalicelib.domain.incidents.facts import Instant


class _Header(Struct, frozen=True):
    name: str
    value: str


class _Data(Struct, frozen=True):
    text: str = ""
    encoding: str = ""


class _Request(Struct, frozen=True, rename="camel"):
    method: str
    url: str
    headers: tuple[_Header, ...] = ()
    post_data: _Data | None = None


class _Response(Struct, frozen=True):
    status: int | None = None
    headers: tuple[_Header, ...] = ()


class Entry(Struct, frozen=True, kw_only=True):
    """A request, its answer, and when it was sent."""

    request: _Request
    response: _Response = _Response()
    started: Instant | None = field(name="startedDateTime", default=None)

    @property
    def headers(self) -> dict[str, str]:
        """Return the request's headers."""
        return {each.name: each.value for each in self.request.headers}

    @property
    def body(self) -> bytes:
        """Return what was posted."""
        data = self.request.post_data or _Data()
        return msgspec.convert(data.text, bytes) if data.encoding == "base64" else data.text.encode()

    @property
    def retry_after(self) -> float | None:
        """Return after how many seconds the answer asked for another try."""
        given = next((each.value for each in self.response.headers if each.name.lower() == "retry-after"), "")
        return float(given) if given.isdigit() else None


class _Log(Struct, frozen=True):
    entries: tuple[Entry, ...]


class _Har(Struct, frozen=True):
    log: _Log


def entries(raw: bytes) -> tuple[Entry, ...]:
    """Return what a HAR file has; ValueError."""
    return msgspec.json.decode(raw, type=_Har).log.entries
