"""A payload's bytes → its records: objects of JSON, elements of XML, or rows."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from chalicelib.inbound.cad.read_updates import Malformed
from chalicelib.inbound.mapping.file import Format, Mapping
from chalicelib.inbound.mapping.json_value import json_value
from chalicelib.inbound.mapping.lines import read_lines
from chalicelib.inbound.mapping.markup import read_xml
from chalicelib.inbound.mapping.row import Row

_BYTE_ORDER_MARKS = ("\ufeff", "ï»¿")
"""As it is, and encoded twice."""

_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}\bencoding\s*=")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MEDIA_TYPES: dict[Format, tuple[str, ...]] = {
    "json": ("application/json", "+json"),
    "xml": ("application/xml", "text/xml", "+xml"),
    "rows": ("text/csv", "application/csv", "text/plain"),
    "text": ("text/plain",),
}
"""Media types that a request may give for each format of a mapping; `+json` is the end of a longer name."""


MOST_BEGUN_ANEW = 100
"""Quotes in one text that are never closed: beyond this, what they swallow is set aside with them."""


def is_media_type(given: str, kind: Format) -> bool:
    """Tell whether a body of this media type may be of a format."""
    return any(given == known or (known.startswith("+") and given.endswith(known)) for known in MEDIA_TYPES[kind])


def is_mapping_name(name: str) -> bool:
    """Tell whether a mapping may be called so: it stands in an address."""
    return _NAME.fullmatch(name) is not None


def read_document(body: bytes, mapping: Mapping) -> Any:
    """Return what a payload holds: JSON's value, an element above XML's root, or a list of rows or lines; Malformed."""
    if mapping.format == "xml":
        return read_xml(body, "" if _says_itself(body) else mapping.encoding)
    if mapping.format == "rows":
        return list(read_rows(decoded(body, mapping.encoding), mapping))
    if mapping.format == "text":
        return list(read_lines(decoded(body, mapping.encoding), mapping))
    return _read_json(body, mapping.encoding)


def decoded(body: bytes, encoding: str) -> str:
    """Return a payload's text; Malformed. What the bytes say themselves outweighs the mapping's encoding."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif _says_itself(body):
        encoding = "utf-8"
    try:
        text = body.decode(encoding or "utf-8")
    except (UnicodeError, LookupError) as problem:
        raise Malformed(f"the body is not {encoding or 'UTF-8'}; the mapping's `encoding` says what it is") from problem
    return without_mark(text)


def _says_itself(body: bytes) -> bool:
    """Tell whether bytes say what encoding they have: by a mark, by their declaration, or since they are UTF-8.

    Text with letters beyond ASCII in an encoding of one byte a letter is never by chance UTF-8.
    """
    marks = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if body.startswith(marks) or _DECLARED.match(body):
        return True
    try:
        return b"\0" not in body and not body.decode().isascii()
    except UnicodeDecodeError:
        return False


def without_mark(text: str) -> str:
    """Return a text without its byte-order mark."""
    for mark in _BYTE_ORDER_MARKS:
        text = text.removeprefix(mark)
    return text


def read_rows(text: str, mapping: Mapping) -> Iterator[Row]:
    """Yield the rows of a text by their columns; Malformed where one that the mapping names is missing or there twice.

    A quote that is never closed would swallow all rows behind it: the line where it begins is set aside alone.
    """
    lines = list(io.StringIO(text.replace("\0", ""), newline=""))
    header, start = _header(lines, mapping)
    begun_anew = 0
    rows = csv.reader(lines[start:], delimiter=mapping.delimiter)
    while True:
        before = rows.line_num
        try:
            cells, said = next(rows, None), ""
        except csv.Error as problem:
            cells, said = [""], str(problem)
        if cells is None:
            return
        several = lines[start + before : start + rows.line_num]
        if len(cells) == len(header) and not said and (len(several) == 1 or _whole(several, mapping)):
            yield Row(zip(header, cells, strict=True), start + rows.line_num)
            continue
        if len(several) > 1 and begun_anew < MOST_BEGUN_ANEW:
            start, begun_anew = start + before + 1, begun_anew + 1
            rows = csv.reader(lines[start:], delimiter=mapping.delimiter)
            yield Row((), start, "a quote begins here and does not end in its row")
        elif cells:
            yield Row((), start + rows.line_num, said or f"expected {len(header)} columns, found {len(cells)}")


def _whole(lines: list[str], mapping: Mapping) -> bool:
    """Tell whether several lines are one row with all its quotes closed."""
    try:
        return len(list(csv.reader(lines, delimiter=mapping.delimiter, strict=True))) == 1
    except csv.Error:
        return False


def _header(lines: list[str], mapping: Mapping) -> tuple[list[str], int]:
    """Return the names of the columns, and how many lines they take; Malformed."""
    rows = csv.reader(lines, delimiter=mapping.delimiter)
    try:
        header = [name.strip() for name in next(rows, [])]
    except csv.Error as problem:
        raise Malformed(f"the first line names no columns: {problem}") from problem
    lacking = sorted(set(mapping.paths) - set(header))
    if lacking:
        raise Malformed(f"there is no column {lacking[0]!r}")
    twice = sorted(name for name in set(mapping.paths) if header.count(name) > 1)
    if twice:
        raise Malformed(f"the column {twice[0]!r} is there twice")
    return header, rows.line_num


def _read_json(body: bytes, encoding: str) -> Any:
    plain = not encoding and body[:1] in (b"{", b"[")
    raw = body if plain else decoded(body, encoding).encode()
    try:
        return json_value(raw)
    except (ValueError, RecursionError) as problem:
        raise Malformed("the body is not JSON in UTF-8") from problem
