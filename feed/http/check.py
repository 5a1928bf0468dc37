"""What a feed's file says of HTTP, looked at before anything is asked."""

import ipaddress

import httpx

from feed.http.request import BadRequest, check_request
from feed.http.settings import Auth, Http, Pages

_USES = {"number": "page", "offset": "offset", "cursor": "cursor"}


def check_http(http: Http) -> None:
    """Look at the whole; BadRequest names the field."""
    check_request(http)
    _check_address("http.url", http.url)
    if http.body and http.method == "GET":
        raise BadRequest('http.body: only for method = "POST"')
    if http.gone and http.since:
        raise BadRequest("http.gone: with [http.since] no read is the whole list, so nothing can be said to be gone")
    if http.auth:
        _check_auth(http.auth)
    if http.pages:
        _check_pages(http, http.pages)
    if http.largest_mb <= 0 or not http.timeout:
        raise BadRequest("http.largest_mb, http.timeout: expected more than 0")


def _check_address(where: str, text: str) -> None:
    try:
        url = httpx.URL(text.replace("$", ""))
    except httpx.InvalidURL as problem:
        raise BadRequest(f"{where}: expected an address: {problem}") from problem
    if not url.host or (url.scheme != "https" and not (url.scheme == "http" and _is_near(url.host))):
        raise BadRequest(f"{where}: expected https://, or http:// on a private network")


def _is_near(host: str) -> bool:
    """Tell whether a host is on a private network: a private number, or a name without a point."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host


def _check_auth(auth: Auth) -> None:
    if auth.kind in ("basic", "client_credentials") and not auth.user:
        raise BadRequest(f"http.auth.user: required for {auth.kind}")
    if auth.kind == "client_credentials":
        _check_address("http.auth.token_url", auth.token_url)


def _check_pages(http: Http, pages: Pages) -> None:
    if pages.by == "cursor" and not pages.next:
        raise BadRequest("http.pages.next: required: the path of the cursor in an answer")
    needed = _USES.get(pages.by)
    told = " ".join((http.url, http.body, *http.params.values(), *http.headers.values()))
    if needed and f"${needed}" not in told and f"${{{needed}}}" not in told:
        raise BadRequest(f"http.pages: nothing in the request has ${needed}")
    if pages.most <= 0 or pages.size <= 0:
        raise BadRequest("http.pages.most, http.pages.size: expected more than 0")
