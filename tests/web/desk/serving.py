"""The desk over HTTP on this machine, as a browser meets it; API Gateway is left out."""

from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from chalicelib.web.desk import door
from rigs.city.serve import address, bound_socket, serving
from tests.web.desk.world import DeskWorld, request


@contextmanager
def served(world):
    """Serve a desk, and yield its address; each request is kept in `world.asked`."""
    world.asked = []

    async def answer(given):
        world.asked.append((given.method, str(given.url.path), given.headers.get("if-none-match")))
        headers = dict(given.headers)
        made = request(given.method, given.url.path, query=dict(given.query_params), headers=headers)
        made._body = (await given.body()).decode()
        told = door.answer(made, lambda: world)
        response = Response(told.body, status_code=told.status_code)
        for name, value in told.headers.items():
            for one in value if isinstance(value, list) else [value]:
                response.headers.append(name, one)
        return response

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "HEAD", "POST"])])
    held = bound_socket(0)
    world.config.desk_domain = ""
    with serving(app, held):
        yield address(held)


@contextmanager
def filled(fill, *roles, world=None):
    """Serve a desk that `fill` fills to somebody with these roles, and yield it; its clock stands."""
    with pytest.MonkeyPatch.context() as patch:
        world = world or DeskWorld()
        patch.setattr(door, "now", lambda: world.now)
        fill(world)
        with served(world) as address:
            world.address, world.cookie = address, world.signed_in(*roles)
            yield world
