"""Where one is in an answer that is told in pages, and where the next page is."""

import httpx
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.inbound.mapping.mapper import Mapper
from feed.http.answer import Content, text_at
from feed.http.fetch import Answer, HttpFailed
from feed.http.request import at_same_place
from feed.http.settings import Pages

COUNTED = frozenset({"number", "offset"})
"""Pages that are counted shift while they are read, when a call ends or begins."""


class Position(Struct, frozen=True):
    """A page: how many pages and records came before it, and how it is named."""

    pages: int = 0
    records: int = 0
    cursor: str = ""
    url: str = ""

    def values(self, pages: Pages | None) -> dict[str, str]:
        """Return what stands for the names in the request."""
        if pages is None:
            return {}
        first = pages.first if pages.first >= 0 else int(pages.by == "number")
        told = {"size": str(pages.size), "page": str(first + self.pages), "offset": str(max(first, 0) + self.records)}
        if pages.by != "offset":
            del told["offset"]
        if pages.by != "number":
            del told["page"]
        return told | ({"cursor": self.cursor} if self.cursor else {})


def next_page(
    pages: Pages | None, here: Position, sent: httpx.Request, got: tuple[Answer, Content], mapper: Mapper
) -> Position | None:
    """Return where the next page is, None after the last; HttpFailed."""
    if pages is None:
        return None
    answer, content = got
    there = replace(here, pages=here.pages + 1, records=here.records + len(content.records))
    if there.pages >= pages.most:
        raise HttpFailed(f"there are more than {pages.most:,} pages")
    if pages.by in COUNTED:
        return there if content.records else None
    told = text_at(content.document, pages.next, mapper) if pages.next else ""
    if pages.by == "cursor":
        return replace(there, cursor=told) if told and told != here.cursor else None
    told = told or _in_header(answer.headers)
    if not told:
        return None
    url = at_same_place(sent.url, told)
    if url is None:
        raise HttpFailed("the next page is said to be on another machine: the feed does not go there")
    return replace(there, url=str(url)) if str(url) != str(sent.url) else None


def _in_header(headers: httpx.Headers) -> str:
    return httpx.Response(httpx.codes.OK, headers=headers).links.get("next", {}).get("url", "")


def as_request(position: Position, made: httpx.Request) -> httpx.Request:
    """Return the request of a page that has an address of its own."""
    if not position.url:
        return made
    headers = [(name, value) for name, value in made.headers.items() if name not in ("host", "content-length")]
    return httpx.Request(made.method, position.url, headers=headers, content=made.content)
