"""The agency's identity provider: any that speaks OpenID Connect, as its discovery document describes it.

Entra ID, Okta, Keycloak, AD FS, Google and the stack's own Cognito pool are all one kind. The issuer is the one of the
secret, to the letter: nothing in the environment can put another one in its place.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import MsgspecError, Struct

from chalicelib.domain.desk.id_token import read
from chalicelib.identity.fetch import Answer, Fetch, is_https
from chalicelib.ports.desk import Description, ProviderDown, ProviderRefused

KNOWN_FOR = timedelta(hours=1)
"""A discovery document is read again after this long."""

LAST_FOR = timedelta(days=1)
"""While the provider does not answer, what was read last serves for so long."""

_WELL_KNOWN = "/.well-known/openid-configuration"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_OK, _OUR_FAULT, _THEIR_FAULT = 200, 400, 500


class Client(Struct, frozen=True, kw_only=True):
    """The stack's secret `DeskProvider`: which provider, and as whom we are known there.

    Without a secret we are a public client, whose code is worth nothing without its verifier. `logout` is the address
    of Cognito's `/logout`, and empty elsewhere.
    """

    issuer: str
    client_id: str
    client_secret: str = ""
    scope: str = "openid profile"
    logout: str = ""


class OpenIdProvider:
    """The port `Provider` over HTTPS."""

    def __init__(self, client: Callable[[], Client], clock: Callable[[], datetime], fetch: Fetch | None = None) -> None:
        self._read_client, self._clock, self._fetch = client, clock, fetch or Fetch()
        self._known: tuple[datetime, Description] | None = None

    @property
    def client_id(self) -> str:
        """Return our name there; ProviderDown where the agency has not said it yet."""
        return self._client.client_id

    @property
    def scope(self) -> str:
        """Return what we ask for; without `openid` no provider says who somebody is."""
        asked = self._client.scope.split() or ["profile"]
        return " ".join(dict.fromkeys(["openid", *asked]))

    @property
    def logout(self) -> str:
        """Return the address that ends a session at Cognito; "" elsewhere."""
        return self._client.logout

    def describe(self) -> Description:
        """Return what the discovery document says, at most an hour old; ProviderDown."""
        issuer, now, known = self._client.issuer, self._clock(), self._known
        if known and known[1].issuer == issuer and now - known[0] < KNOWN_FOR:
            return known[1]
        try:
            self._known = now, self._discover(issuer)
        except ProviderDown:
            if known is None or known[1].issuer != issuer or now - known[0] > LAST_FOR:
                raise
            return known[1]
        return self._known[1]

    def exchange(self, code: str, verifier: str, redirect_uri: str) -> Mapping[str, Any]:
        """Return the claims of the ID token that it gives for a code; ProviderDown, ProviderRefused, Refused."""
        client, address = self._client, self.describe().token_endpoint
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
            **({} if client.client_secret else {"client_id": client.client_id}),
        }
        answer = self._fetch.post(address, urlencode(form).encode(), _authorization(client))
        if _OUR_FAULT <= answer.number < _THEIR_FAULT:
            raise ProviderRefused(str(answer.said.get("error", answer.number))[:80])
        return read(_id_token(answer, address))

    def _discover(self, issuer: str) -> Description:
        """Read the discovery document, and hold it to what OpenID Connect Discovery 1.0, 4.3 and we demand of it."""
        answer = self._fetch.get(issuer.rstrip("/") + _WELL_KNOWN)
        if answer.number != _OK or not answer.said:
            raise ProviderDown(f"{issuer} answers its discovery document with {answer.number}")
        if answer.said.get("issuer") != issuer:
            raise ProviderDown(f"the document of {issuer} is of another issuer")
        known = {name: _text(answer.said.get(name)) for name in Description.__struct_fields__ if "endpoint" in name}
        if not is_https(known["token_endpoint"]):
            raise ProviderDown(f"the token endpoint of {issuer} is not https")
        if not _for_browsers(known["authorization_endpoint"]):
            raise ProviderDown(f"the authorization endpoint of {issuer} is not https")
        if not _for_browsers(known["end_session_endpoint"]):
            known["end_session_endpoint"] = ""
        names_itself = answer.said.get("authorization_response_iss_parameter_supported") is True
        return Description(issuer=issuer, names_itself=names_itself, **known)

    @property
    def _client(self) -> Client:
        try:
            client = self._read_client()
        except (BotoCoreError, ClientError, MsgspecError) as error:
            raise ProviderDown(f"the secret DeskProvider can't be read: {type(error).__name__}") from error
        if not is_https(client.issuer) or not client.client_id:
            raise ProviderDown("the secret DeskProvider names no issuer with https, or no client_id")
        return client


def _authorization(client: Client) -> dict[str, str]:
    """Return `client_secret_basic` (RFC 6749, 2.3.1), or nothing for a public client."""
    if not client.client_secret:
        return {}
    pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _id_token(answer: Answer, address: str) -> str:
    token = answer.said.get("id_token")
    if answer.number != _OK or not isinstance(token, str):
        raise ProviderDown(f"{urlsplit(address).hostname} answers with {answer.number} and no ID token")
    return token


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _for_browsers(address: str) -> bool:
    """Tell whether a browser may be sent there: by https, or to this machine, as local cities have it."""
    return is_https(address) or (
        is_https(address.replace("http://", "https://", 1)) and urlsplit(address).hostname in _LOOPBACK
    )
