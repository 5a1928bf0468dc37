"""Bodies that a sender compressed: read up to the size that a body may have, and no further.

API Gateway unpacks a body before us ("Payload compression for REST APIs" in its Developer Guide), and does not say
whether the header stays. So a body that is not gzip is one that was unpacked already. No JSON, XML or CSV begins so.
"""

import zlib

from chalicelib.boundary import Refused

READ = ("gzip", "x-gzip")
"""Two names of one coding (RFC 9110, 8.4.1.3)."""

MOST_MEMBERS = 64
"""Parts of one gzip file: each may be empty, and costs a copy of what is behind it."""

_BEGINS = b"\x1f\x8b"
"""The first bytes of each gzip file (RFC 1952, 2.3.1)."""

_GZIP = 16 + zlib.MAX_WBITS


def unpacked(raw: bytes, encoding: str, largest: int) -> bytes:
    """Return what a body was before it was compressed; Refused."""
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", *READ):
        raise Refused(415, "content-encoding: expected gzip, or none", **{"Accept-Encoding": "gzip"})
    return inflated(raw, largest) if encoding in READ and raw.startswith(_BEGINS) else raw


def inflated(raw: bytes, largest: int) -> bytes:
    """Return what gzip holds, of as many members as there are; Refused."""
    whole = bytearray()
    for _ in range(MOST_MEMBERS):
        member = zlib.decompressobj(_GZIP)
        try:
            whole += member.decompress(raw, largest + 1 - len(whole))
        except zlib.error:
            raise Refused(400, "content-encoding: the body is not gzip") from None
        if len(whole) > largest:
            raise Refused(413, f"the body is larger than {largest // 1024} KiB once it is unpacked")
        if not member.eof:
            raise Refused(400, "content-encoding: the gzip ends too early")
        raw = member.unused_data.lstrip(b"\0")  # gzip may be padded with zeros
        if not raw:
            return bytes(whole)
    raise Refused(400, f"content-encoding: the gzip has more than {MOST_MEMBERS} members")
