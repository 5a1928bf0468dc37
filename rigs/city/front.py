"""The agency's own address in front of the API: short links, and no more requests at once than two cores serve.

An agency maps a domain of its own to the API; here a proxy does. The emulator would start a process for
each request that comes while all others are busy: those behind the first few wait here instead.
"""

import asyncio
from urllib.parse import quote

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import request_response
from starlette.types import ASGIApp

MOST_AT_ONCE = 6
STAGE = "api"
LONGEST_WAIT = 300.0
"""Seconds for a function. API Gateway gives 29, but this machine may be slow, and busy with much else."""

_HOP_BY_HOP = {"connection", "content-length", "date", "server", "transfer-encoding"}
_UNPACKED = _HOP_BY_HOP | {"content-encoding"}
"""Of an answer, which the client has unpacked. A request's body goes on as it came."""


def front(api: str, stage: str = "", phones: str = "") -> ASGIApp:
    """Return a proxy to the API at its address in the emulator: a domain of the agency's own, or API Gateway's address.

    API Gateway's own address begins every path with the `stage`, and knows no other path. A domain has no stage. But
    the emulator tells functions of one in any case, and they may lead a browser there: it comes to the same place.

    Pages of the desk get a link to the `phones` of this city. An agency has none, so the desk knows nothing of it.
    """
    begins = f"/{stage}/" if stage else "/"
    client = httpx.AsyncClient(timeout=LONGEST_WAIT, trust_env=False)
    room = asyncio.Semaphore(MOST_AT_ONCE)

    async def forward(request: Request) -> Response:
        headers = [(name, value) for name, value in request.headers.raw if name.decode().lower() not in _HOP_BY_HOP]
        headers.append((b"x-forwarded-proto", request.url.scheme.encode()))
        path = request.scope["raw_path"].decode()
        if not path.startswith(begins):
            return JSONResponse({"message": "Forbidden"}, status_code=403)
        path = path.removeprefix(begins) if stage else path.removeprefix(f"/{STAGE}").removeprefix("/")
        url = httpx.URL(f"{api}/{path}", query=request.scope["query_string"])
        body = await request.body()
        async with room:
            try:
                answer = await client.request(request.method, url, headers=headers, content=body)
            except httpx.HTTPError:
                return JSONResponse({"message": "Endpoint request timed out"}, status_code=504)
        content = with_phones(answer.content, request.query_params.get("number", ""), phones)
        given = Response(content if phones and path.startswith("desk") else answer.content, answer.status_code)
        for name, value in answer.headers.multi_items():  # one cookie has one header
            if name not in _UNPACKED:
                given.headers.append(name, value)
        return given

    return request_response(forward)


def with_phones(page: bytes, call: str, phones: str) -> bytes:
    """Return a page of the desk with a way back to the phones, at those of a call where it is about one."""
    at = f"{phones}/#{quote(call, safe='')}" if call else phones
    return page.replace(b"</footer>", f'<p><a href="{at}">The phones of this city</a></p>\n</footer>'.encode(), 1)
