"""What an answer holds: its records, whether it counts, and where the next page is.

A failure that is told with status 200 looks like an empty list. So an answer without records counts only where it says
that it is one: by an empty list at the place of the records, by status 204, or as `good` of the feed's file says.
"""

from collections.abc import Sequence
from typing import Any

import jmespath
from msgspec import Struct

from chalicelib.inbound.cad.read_updates import Malformed, Unacceptable
from chalicelib.inbound.mapping.file import as_paths
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.inbound.mapping.paths import many
from chalicelib.inbound.mapping.payload import read_document
from chalicelib.inbound.mapping.values import Unfit, as_text
from feed.http.fetch import Answer, HttpFailed

ANYTHING = "*"


class Content(Struct, frozen=True):
    """The records of an answer, and the document that they are in."""

    records: Sequence[Any] = ()
    document: Any = None


def content_of(answer: Answer, mapper: Mapper, good: dict[str, tuple[str, ...]]) -> Content:
    """Read an answer; HttpFailed where it does not count."""
    mapping = mapper.mapping
    if not answer.body.strip():
        if answer.empty:
            return Content()
        raise HttpFailed("the answer is blank")
    try:
        document = read_document(answer.body, mapping)
    except Malformed as problem:
        raise HttpFailed(f"the answer can't be read: {problem}") from problem
    for path, words in good.items():
        if not _says(document, path, words, mapper):
            raise HttpFailed(f"the answer is not good: {path} says otherwise, or nothing")
    try:
        return Content(mapper.records(document), document)
    except (Malformed, Unacceptable) as problem:
        if good or _is_empty(document, mapper):
            return Content((), document)
        raise HttpFailed(f"{problem}; `http.good` can say how an answer looks that may be empty") from problem


def text_at(document: Any, path: str, mapper: Mapper) -> str:
    """Return the text at a path of an answer, blank where there is none; HttpFailed."""
    found = many(path, mapper.mapping.format)(document) if document is not None else []
    try:
        return as_text(found) or ""
    except Unfit as problem:
        raise HttpFailed(f"{path}: {problem}") from problem


def _says(document: Any, path: str, words: Sequence[str], mapper: Mapper) -> bool:
    text = text_at(document, path, mapper)
    return (ANYTHING in words and bool(text)) or text.casefold() in {word.casefold() for word in words}


def _is_empty(document: Any, mapper: Mapper) -> bool:
    """Tell whether there is an empty list at one of the places of the records."""
    if mapper.mapping.format != "json":
        return False
    paths = as_paths(mapper.mapping.records)
    return document == [] or any(jmespath.search(path, document) == [] for path in paths)
