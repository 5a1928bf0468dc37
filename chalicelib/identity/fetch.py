"""Ask the identity provider over HTTPS: no redirect is followed, no answer is endless, and nobody waits for ever.

TLS stands for the signature of an ID token, so it is the system's own trust that counts (`SSL_CERT_FILE` where OpenSSL
reads it), and an address that is not `https` is never opened. Proxies are those of the standard variables.
"""

import ssl
import time
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import msgspec
from msgspec import Struct
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Timeout
from urllib3.exceptions import HTTPError

from chalicelib.ports.desk import ProviderDown

LARGEST = 256 * 1024
PATIENCE = Timeout(connect=3, read=5)
LONGEST = 8.0
"""Seconds for a whole answer: a page of the desk must end before API Gateway gives up."""

_PIECE = 16 * 1024


class Answer(Struct, frozen=True):
    """What came back: its number and what the JSON says, {} where it is none."""

    number: int
    said: Mapping[str, Any]


class Fetch:
    """A way to one provider; connections and the system's trust are kept for the next question."""

    def __init__(self, patience: Timeout = PATIENCE, longest: float = LONGEST) -> None:
        self._patience, self._longest = patience, longest

    def get(self, address: str) -> Answer:
        """Read a document; ProviderDown."""
        return self._ask("GET", address, {}, None)

    def post(self, address: str, form: bytes, headers: Mapping[str, str]) -> Answer:
        """Post a form; ProviderDown."""
        return self._ask("POST", address, {"Content-Type": "application/x-www-form-urlencoded", **headers}, form)

    def _ask(self, method: str, address: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        if not is_https(address):
            raise ProviderDown("an address that is not https: nothing is asked there")
        host = urlsplit(address).hostname or ""
        told = {"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close", **headers}
        ends = time.monotonic() + self._longest
        try:
            response = self._way_to(host).request(
                method, address, body=body, headers=told, timeout=self._patience, retries=False, redirect=False,
                preload_content=False, decode_content=False,
            )  # fmt: skip
            with response:
                return Answer(response.status, _json(_read(response, ends, host)))
        except (HTTPError, OSError) as error:
            raise ProviderDown(f"{host} does not answer: {type(error).__name__}") from error

    def _way_to(self, host: str) -> PoolManager:
        return self._directly if not self._proxy or proxy_bypass(host) else self._by_proxy

    @cached_property
    def _proxy(self) -> str:
        return getproxies().get("https", "")

    @cached_property
    def _directly(self) -> PoolManager:
        return PoolManager(ssl_context=ssl.create_default_context())

    @cached_property
    def _by_proxy(self) -> PoolManager:
        return ProxyManager(self._proxy, ssl_context=ssl.create_default_context())


def is_https(address: str) -> bool:
    """Tell whether an address is one of TLS, with a host and without a name or password before it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def _read(response: BaseHTTPResponse, ends: float, host: str) -> bytes:
    body = bytearray()
    while piece := response.read1(_PIECE):
        body += piece
        if len(body) > LARGEST:
            raise ProviderDown(f"{host} answers with more than {LARGEST} bytes")
        if time.monotonic() > ends:
            raise ProviderDown(f"{host} answers too slowly")
    return bytes(body)


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}
