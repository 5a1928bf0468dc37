"""An identity provider in memory: it signs in whom a test or a rig names, and keeps what it was asked."""

from collections.abc import Mapping
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chalicelib.domain.desk.pending import challenge
from chalicelib.ports.desk import Description, ProviderRefused

ISSUER = "https://id.springfield.example"
CLIENT_ID = "tenfour-desk"


class MemoryProvider:
    """The port `Provider`: an exact one, which gives each code once, to whoever holds its verifier (RFC 7636, 4.6)."""

    client_id = CLIENT_ID
    scope = "openid profile"

    def __init__(self, logout: str = "", *, names_itself: bool = False) -> None:
        self.logout, self._names_itself = logout, names_itself
        self._numbers = count()
        self._codes: dict[str, tuple[str, str, Mapping[str, Any]]] = {}

    def describe(self) -> Description:
        """Return what is known of it."""
        return Description(
            issuer=ISSUER,
            authorization_endpoint=f"{ISSUER}/authorize",
            token_endpoint=f"{ISSUER}/token",
            end_session_endpoint=f"{ISSUER}/end",
            names_itself=self._names_itself,
        )

    def sign_in(self, location: str, claims: Mapping[str, Any]) -> dict[str, str]:
        """Sign a person in at the address that the desk led to; return what the call-back brings.

        `claims` lie over those that an exact provider would send but for its times; None leaves one out.
        """
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        code = f"code-{next(self._numbers)}"
        told = {"iss": ISSUER, "aud": CLIENT_ID, "nonce": asked["nonce"], **claims}
        said = {name: value for name, value in told.items() if value is not None}
        self._codes[code] = asked["code_challenge"], asked["redirect_uri"], said
        return {"code": code, "state": asked["state"], **({"iss": ISSUER} if self._names_itself else {})}

    def exchange(self, code: str, verifier: str, redirect_uri: str) -> Mapping[str, Any]:
        """Return the claims for a code; ProviderRefused."""
        wanted, address, claims = self._codes.pop(code, ("", "", {}))
        if challenge(verifier) != wanted or redirect_uri != address:
            raise ProviderRefused("invalid_grant")
        return claims
