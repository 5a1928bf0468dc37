"""What is asked of the agency's identity provider, and what counts of its answer."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from chalicelib.domain.desk.id_token import Expected, Identity, Reason, Refused, check
from chalicelib.domain.desk.pending import Pending, challenge, derived
from chalicelib.ports.desk import Provider, ProviderRefused

_OUR_SECRET = frozenset({"invalid_client", "unauthorized_client"})
"""Errors of a token endpoint (RFC 6749, 5.2) that no person can help: most often, our secret there has run out."""


def identify(
    provider: Provider,
    query: Mapping[str, str],
    cookie: str,
    pending: Pending,
    now: datetime,
    claims: frozenset[str],
) -> Identity:
    """Return whom the provider names for the code that came back; Refused, ProviderDown."""
    known = provider.describe()
    named = query.get("iss")
    if known.issuer != pending.issuer or named not in (None, known.issuer) or (known.names_itself and not named):
        raise Refused(Reason.WRONG_ISSUER)  # RFC 9207: before anything else is believed, or sent to a token endpoint
    if "error" in query:
        raise Refused(Reason.DENIED if query["error"] == "access_denied" else Reason.PROVIDER_FAILED)
    if not query.get("code"):
        raise Refused(Reason.NO_CODE)
    try:
        said = provider.exchange(query["code"], derived(cookie, "verifier"), pending.redirect_uri)
    except ProviderRefused as refused:
        raise Refused(Reason.CLIENT_REFUSED if str(refused) in _OUR_SECRET else Reason.CODE_REFUSED) from refused
    expected = Expected(
        issuer=known.issuer,
        client_id=provider.client_id,
        nonce=derived(cookie, "nonce"),
        asked_at=pending.begun_at,
        again=pending.again,
        claims=claims,
    )
    return check(said, expected, now)


def authorization(provider: Provider, secret: str, redirect_uri: str, *, again: bool) -> str:
    """Return the address at which the provider asks who somebody is: Core, 3.1.2.1; RFC 7636, 4.3."""
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": provider.scope,
        "state": derived(secret, "state"),
        "nonce": derived(secret, "nonce"),
        "code_challenge": challenge(derived(secret, "verifier")),
        "code_challenge_method": "S256",
        **({"prompt": "login", "max_age": "0"} if again else {}),
    }
    return _with(provider.describe().authorization_endpoint, asked)


def sign_out_first(provider: Provider, redirect_uri: str) -> str:
    """Return where a provider that may ignore `max_age` ends its session before it is asked again, or ""."""
    if not provider.logout:
        return ""
    return _with(provider.logout, {"client_id": provider.client_id, "logout_uri": redirect_uri})


def sign_out_address(provider: Provider, home: str) -> str:
    """Return where the provider ends its own session and leads back to `home`, or ""; ProviderDown."""
    if provider.logout:
        return _with(provider.logout, {"client_id": provider.client_id, "logout_uri": home})
    address = provider.describe().end_session_endpoint
    asked = {"client_id": provider.client_id, "post_logout_redirect_uri": home}
    return _with(address, asked) if address else ""


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"
