"""A request to the desk, as its door and pages need it."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from chalice.app import Request
from msgspec import Struct

from chalicelib import boundary
from chalicelib.domain.ledger.addresses import is_of_an_address

ROOT = "/desk"
MOST_FIELDS = 200
"""Fields of one form: a screen of 25 values has up to five each."""

MOST_OF_DRAFT = 2000
"""Fields of a form over a draft: the page Rules has one for each disposition's code."""

LARGEST_DRAFT = 512 * 1024
"""Bytes of a form that has a text of settings, or the most of one, in which each byte may be three."""

_STAGE = re.compile(r"(?:/[\w.-]+)?")


class Asked(Struct, frozen=True, kw_only=True):
    """One request. `path` begins with `/desk`; `prefix` is what stands before it in the address, such as the stage.

    `origin` is the site that was asked, such as `https://desk.springfield.example`. Names of headers are in lower case.
    """

    method: str
    path: str
    prefix: str
    origin: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str] = {}

    def cookie(self, name: str) -> str:
        """Return a cookie's value; empty where there is none.

        Other sites of the agency's domain set cookies too, in any form: none of theirs hides ours (RFC 6265, 5.4).
        """
        pairs = (pair.strip().partition("=") for pair in self.headers.get("cookie", "").split(";"))
        return next((value for known, _, value in pairs if known == name), "")

    def here(self, **query: str) -> str:
        """Return the address of this page with more in its query; nothing in it that may be a person's address.

        A form's answer stands under its page's address.
        """
        given = self.query if self.method in {"GET", "HEAD"} else {}
        known = {name: value for name, value in given.items() if not is_of_an_address(value)}
        return f"{self.link(self.path)}?{urlencode({**known, **query})}"

    def link(self, path: str) -> str:
        """Return a path of ours as a browser must ask for it."""
        return f"{self.prefix}{path}"


def read_request(request: Request, domain: str, *, form: bool = True) -> Asked:
    """Return a request as the desk takes it, without its form where nobody wants that; Refused where it is too large.

    `domain` is the desk's own, where it has one. Otherwise the site is the one that was asked, which proves nothing:
    the provider knows the addresses to which it may send people back.
    """
    headers = {str(name).lower(): str(value) for name, value in request.headers.items()}
    path = _path(request)
    return Asked(
        method=request.method,
        path=path,
        prefix=_prefix(str(request.context.get("path", path)), path),
        origin=_origin(headers, domain),
        headers=headers,
        query={name: (request.query_params or {})[name] for name in request.query_params or {}},
        form=dict(boundary.pairs(request, _most(path), _largest(path))) if form and request.method == "POST" else {},
    )


def _path(request: Request) -> str:
    """Return our own path: API Gateway gives its parts, however the address before them is called."""
    parts = [part for name in ("first", "second", "third") if (part := (request.uri_params or {}).get(name))]
    return "/".join([ROOT, *parts])


def _largest(path: str) -> int:
    """Return how long the form of a page may be."""
    return LARGEST_DRAFT if _is_of_a_draft(path) else boundary.LARGEST_FORM


def _most(path: str) -> int:
    """Return how many fields the form of a page may have."""
    return MOST_OF_DRAFT if _is_of_a_draft(path) else MOST_FIELDS


def _is_of_a_draft(path: str) -> bool:
    return path.rpartition("/")[0].endswith("/drafts")


def _prefix(whole: str, path: str) -> str:
    """Return what stands before our path in the whole one; nothing where our path is not its end.

    It is one plain part at most: a link that began with two slashes would lead to another site.
    """
    before = whole.rstrip("/").removesuffix(path).rstrip("/")
    return before if _STAGE.fullmatch(before) and whole.rstrip("/").endswith(path) else ""


def _origin(headers: Mapping[str, str], domain: str) -> str:
    if domain:
        return f"https://{domain}"
    host = headers.get("host", "")
    name = host.partition(":")[0]
    scheme = "http" if name in {"127.0.0.1", "localhost"} else "https"
    return f"{scheme}://{host}"
