"""How the CAD knows the feed: a password, a key, or a token of OAuth2 that is renewed before it ends.

httpx has the flow for it. A library for OAuth2 would bring a compiler's worth of cryptography for one form to post
(authlib), or keeps its tokens for the whole process by the clock on the wall (httpx-auth).
"""

from collections.abc import Callable, Generator
from datetime import UTC, datetime
from typing import Any

import httpx

from feed.http.fetch import HttpFailed, asked_wait
from feed.http.settings import Auth

EARLY = 60.0
"""Seconds before its end at which a token is renewed; of a short life, a quarter of it."""

USUAL_LIFE = 300.0
_UNAUTHORIZED = 401


def auth_of(auth: Auth | None, secret: str, steady: Callable[[], float]) -> httpx.Auth | None:
    """Return what signs requests."""
    if auth is None:
        return None
    if auth.kind == "basic":
        return httpx.BasicAuth(auth.user, secret)
    if auth.kind == "client_credentials":
        return ClientCredentials(auth, secret, steady)
    return _Header("authorization", f"Bearer {secret}") if auth.kind == "bearer" else _Header(auth.header, secret)


class _Header(httpx.Auth):
    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Put the key into the request."""
        request.headers[self._name] = self._value
        yield request


class ClientCredentials(httpx.Auth):
    """A token (RFC 6749, section 4.4): asked for when it is needed, and once more after a 401."""

    def __init__(self, auth: Auth, secret: str, steady: Callable[[], float]) -> None:
        self._auth, self._secret, self._steady = auth, secret, steady
        self._token, self._until = "", float("-inf")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Ask for a token where there is none that lasts, then send the request; HttpFailed."""
        fresh = self._steady() >= self._until
        if fresh:
            self._take((yield self._asking()))
        request.headers["authorization"] = f"Bearer {self._token}"
        answer = yield request
        if answer.status_code == _UNAUTHORIZED and not fresh:
            self._take((yield self._asking()))
            request.headers["authorization"] = f"Bearer {self._token}"
            yield request

    def _asking(self) -> httpx.Request:
        auth = self._auth
        form = {"grant_type": "client_credentials", **auth.token_params}
        if auth.scope:
            form["scope"] = auth.scope
        if auth.credentials_in == "body":
            form |= {"client_id": auth.user, "client_secret": self._secret}
        asking = httpx.Request("POST", auth.token_url, data=form, headers={"accept": "application/json"})
        if auth.credentials_in == "header":
            asking = next(httpx.BasicAuth(auth.user, self._secret).auth_flow(asking))
        return asking

    def _take(self, answer: httpx.Response) -> None:
        answer.read()
        self._token, self._until = "", float("-inf")
        try:
            told = answer.json() if answer.is_success else {}
            token, life = str(told["access_token"]), float(told.get("expires_in") or USUAL_LIFE)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            said = f"no token from {answer.request.url.host}: {answer.status_code}{_error(answer)}"
            raise HttpFailed(said, answer.status_code, asked_wait(answer, datetime.now(UTC))) from problem
        self._token, self._until = token, self._steady() + life - min(EARLY, life / 4)


def _error(answer: httpx.Response) -> str:
    """Return the word by which a token's server says what is wrong: `invalid_client` and its kin are no secret."""
    try:
        word: Any = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f" {word}"[:60] if isinstance(word, str) and word.replace("_", "").isalnum() else ""
