"""The lake in S3: what has landed, and one object of gzipped JSON lines a table and day."""

import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.tables import TABLES, Day, Landed, table_of
from chalicelib.ports.errors import Conflict, Damaged, PartlyRead

LANDING = "landing/"
TOGETHER = f"{LANDING}together/"
LAKE = "lake/"
_LANDED = re.compile(rf"{LANDING}(?P<table>{'|'.join(TABLES)})/dt=(?P<dt>\d{{4}}-\d\d-\d\d)/[^/]+\.json\.gz")
_LANDED_TOGETHER = re.compile(rf"{TOGETHER}[^/]+\.json\.gz")
_NOT_THERE = {"NoSuchKey", "404"}
_OVERTAKEN = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
MOST_DELETED = 1000
"""DeleteObjects' limit."""


class _Line(msgspec.Struct):
    """A row in a file that holds several tables."""

    table: str
    row: msgspec.Raw


class S3Lake:
    """The port `Lake` over one bucket."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def land(self, name: str, table: str, dt: date, rows: Sequence[LakeRow]) -> None:
        """Write rows where compaction finds them and Athena does not."""
        self._client.put_object(Bucket=self._bucket, Key=landing_key(name, table, dt), Body=pack(rows))

    def land_together(self, name: str, rows: Sequence[LakeRow]) -> None:
        """Write rows of any tables and days where compaction finds them: a put is paid for, its size is not."""
        self._client.put_object(Bucket=self._bucket, Key=together_key(name), Body=pack_together(rows))

    def landed(self) -> Iterator[Landed]:
        """Return what waits, page by page."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=LANDING)
        for page in pages:
            for entry in page.get("Contents", ()):
                landed = read_landing_key(entry["Key"])
                if landed:  # what people put there by hand is left alone
                    yield landed

    def read_landed(self, landed: Landed) -> Sequence[LakeRow]:
        """Read a file that waits; one that another compaction has taken in meanwhile is empty."""
        body, _ = self._get(landed.name)
        return unpack_landed(body, landed)

    def read_day(self, table: str, dt: date) -> Day:
        """Read a day's object and its tag."""
        body, tag = self._get(day_key(table, dt))
        return Day(tuple(unpack(body, table)), tag)

    def tag(self, table: str, dt: date) -> str | None:
        """Return the tag of a day's object, whatever it holds."""
        try:
            tag: str = self._client.head_object(Bucket=self._bucket, Key=day_key(table, dt))["ETag"]
        except ClientError as error:
            if _code(error) in _NOT_THERE:
                return None
            raise
        return tag

    def write_day(self, table: str, dt: date, day: Day) -> None:
        """Replace a day's object in one conditional put; Conflict."""
        unmoved = {"IfMatch": day.tag} if day.tag else {"IfNoneMatch": "*"}
        try:
            self._client.put_object(Bucket=self._bucket, Key=day_key(table, dt), Body=pack(day.rows), **unmoved)
        except ClientError as error:
            raise (Conflict() if _code(error) in _OVERTAKEN else error) from error

    def forget(self, landed: Sequence[Landed]) -> None:
        """Delete files, a thousand a call."""
        for start in range(0, len(landed), MOST_DELETED):
            objects = [{"Key": item.name} for item in landed[start : start + MOST_DELETED]]
            self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})

    def _get(self, key: str) -> tuple[bytes, str | None]:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _code(error) in _NOT_THERE:
                return b"", None
            raise
        return answer["Body"].read(), answer["ETag"]


def landing_key(name: str, table: str, dt: date) -> str:
    """Return where rows wait for compaction."""
    return f"{LANDING}{table}/dt={dt}/{name}.json.gz"


def together_key(name: str) -> str:
    """Return where rows of several tables wait for compaction."""
    return f"{TOGETHER}{name}.json.gz"


def read_landing_key(key: str) -> Landed | None:
    """Read back what `landing_key` or `together_key` wrote, or None for what they did not."""
    if _LANDED_TOGETHER.fullmatch(key):
        return Landed(key)
    name = _LANDED.fullmatch(key)
    return Landed(key, name["table"], date.fromisoformat(name["dt"])) if name else None


def day_key(table: str, dt: date) -> str:
    """Return where analysts find a day."""
    return f"{LAKE}{table}/dt={dt}/{table}.json.gz"


def pack(rows: Sequence[LakeRow]) -> bytes:
    """Write rows as gzipped JSON lines."""
    return _zipped(rows)


def pack_together(rows: Sequence[LakeRow]) -> bytes:
    """Write rows of several tables as gzipped JSON lines, each with its table."""
    return _zipped([_Line(table_of(row), msgspec.Raw(msgspec.json.encode(row))) for row in rows])


def _zipped(lines: Sequence[msgspec.Struct]) -> bytes:
    # No time stamp in the header: the same rows are the same bytes. Level 9 takes thrice as long, for 6 % less.
    return gzip.compress(msgspec.json.Encoder().encode_lines(lines), compresslevel=6, mtime=0)


def unpack_landed(body: bytes, landed: Landed) -> list[LakeRow]:
    """Read a file that waits; nothing is no rows. Damaged, PartlyRead.

    A line of a table that this release does not know, or a damaged one, keeps no other line from being read.
    """
    if landed.table or not body:
        return unpack(body, landed.table)
    try:
        lines = gzip.decompress(body).splitlines()
    except (OSError, EOFError, zlib.error) as problem:
        raise Damaged(f"{landed.name}: {problem}") from problem
    rows, problems = list[LakeRow](), list[Exception]()
    for line in lines:
        try:
            rows.append(_unpack_line(line))
        except (msgspec.MsgspecError, KeyError) as problem:
            problems.append(problem)
    if problems:
        raise PartlyRead(f"{landed.name}: {problems[0]}", rows) from problems[0]
    return rows


def _unpack_line(line: bytes) -> LakeRow:
    told = msgspec.json.decode(line, type=_Line)
    return msgspec.json.decode(told.row, type=TABLES[told.table])


def unpack(body: bytes, table: str) -> list[LakeRow]:
    """Read what `pack` wrote, whichever release wrote it; nothing is no rows. Damaged."""
    try:
        return msgspec.json.Decoder(TABLES[table]).decode_lines(gzip.decompress(body)) if body else []
    except (OSError, EOFError, zlib.error, msgspec.MsgspecError) as problem:
        raise Damaged(f"{table}: {problem}") from problem


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
