"""The city's Cognito under AWS's own names: functions ask `https://cognito-idp…` as in an account.

The desk demands TLS and the exact issuer, and has no switch that would let it do without. The emulator speaks plain
HTTP, and says that it is AWS. So a TLS server stands before it, with a certificate of the city's own authority.
Functions find it by the variables that all programs know: `HTTPS_PROXY`, `NO_PROXY` and `SSL_CERT_FILE`. AWS itself
they ask by HTTP, so those calls pass beside it. A browser never comes here: it is sent to the emulator's own page.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rigs.city.authority import TRUSTED, certify, found
from rigs.city.front import LONGEST_WAIT
from rigs.city.passage import passage
from rigs.city.serve import bound_socket, serving
from tenfour.common.reach import REGION

ISSUERS = f"cognito-idp.{REGION}.amazonaws.com"
DOMAINS = f"auth.{REGION}.amazoncognito.com"
_DISCOVERY = "/.well-known/openid-configuration"


@contextmanager
def cognito_by_name(state: Path, endpoint: str) -> Iterator[Mapping[str, str]]:
    """Serve an emulator's Cognito under AWS's names; yield the variables by which functions find it."""
    with ExitStack() as stack:
        authority = found(state)
        key, chain = certify(authority, state, ISSUERS, f"*.{DOMAINS}")
        for file in (key, chain, state / TRUSTED):
            stack.callback(file.unlink, missing_ok=True)
        door, way = bound_socket(0), bound_socket(0)
        proxy = f"http://127.0.0.1:{way.getsockname()[1]}"
        port: int = door.getsockname()[1]
        stack.enter_context(serving(_app(endpoint), door, tls=(key, chain)))
        stack.enter_context(passage(way, lambda name: port if _is_ours(name) else None))
        yield {
            "HTTPS_PROXY": proxy,
            "NO_PROXY": "127.0.0.1,localhost",
            "SSL_CERT_FILE": str(state.absolute() / TRUSTED),
        }


def _is_ours(name: str) -> bool:
    return name == ISSUERS or name.endswith(f".{DOMAINS}")


def _app(endpoint: str) -> Starlette:
    client = httpx.AsyncClient(timeout=LONGEST_WAIT, trust_env=False)

    async def describe(request: Request) -> Response:
        answer = await client.get(f"{endpoint}{request.url.path}")
        if not answer.is_success:
            return Response(answer.content, answer.status_code)
        return Response(msgspec.json.encode(_described(answer.json(), endpoint)), media_type="application/json")

    async def exchange(request: Request) -> Response:
        kept = {name: value for name, value in request.headers.items() if name in ("authorization", "content-type")}
        answer = await client.post(f"{endpoint}/oauth2/token", headers=kept, content=await request.body())
        return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))

    return Starlette(
        routes=[
            Route(f"/{{pool}}{_DISCOVERY}", describe, methods=["GET"]),
            Route("/oauth2/token", exchange, methods=["POST"]),
        ]
    )


def _described(told: Mapping[str, Any], endpoint: str) -> dict[str, Any]:
    """Return the pool's description: a browser is sent to the emulator itself, a function to its name by TLS."""
    return {
        **told,
        "authorization_endpoint": f"{endpoint}/oauth2/authorize",
        "end_session_endpoint": f"{endpoint}/logout",
        "token_endpoint": f"https://{ISSUERS}/oauth2/token",
    }
