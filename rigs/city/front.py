"""The agency's own address in front of the API: short links, and no more requests at once than two cores serve.

An agency maps a domain of its own to the API; here a proxy does. The emulator would start a process for
each request that comes while all others are busy: those behind the first few wait here instead.
"""

import asyncio

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import request_response
from starlette.types import ASGIApp

MOST_AT_ONCE = 6
LONGEST_WAIT = 300.0
"""Seconds for a function. API Gateway gives 29, but this machine may be slow, and busy with much else."""

_HOP_BY_HOP = {"connection", "content-encoding", "content-length", "date", "server", "transfer-encoding"}


def front(api: str, stage: str = "") -> ASGIApp:
    """Return a proxy to the API at its address in the emulator: a domain of the agency's own, or API Gateway's address.

    API Gateway's own address begins every path with the `stage`, and knows no other path.
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
        url = httpx.URL(f"{api}/{path.removeprefix(begins)}", query=request.scope["query_string"])
        body = await request.body()
        async with room:
            try:
                answer = await client.request(request.method, url, headers=headers, content=body)
            except httpx.HTTPError:
                return JSONResponse({"message": "Endpoint request timed out"}, status_code=504)
        kept = {name: value for name, value in answer.headers.items() if name not in _HOP_BY_HOP}
        return Response(answer.content, status_code=answer.status_code, headers=kept)

    return request_response(forward)
