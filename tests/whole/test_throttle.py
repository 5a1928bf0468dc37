"""Too many requests of one kind are turned away, and dispatch does not notice."""

import pytest

from app import app
from tenfour.common.reach import client
from tests.whole.people import Caller, web

ROUTE = "~1health/GET"


@pytest.fixture
def gateway(stack, inside):
    """The API, with one route throttled to next to nothing while the test lasts."""
    api, gateway = inside.outputs["RestAPIId"], client("apigateway", stack.aws_endpoint)
    values = {"burstLimit": "2", "rateLimit": "0.01"}
    change = [
        {"op": "replace", "path": f"/{ROUTE}/throttling/{name}", "value": value} for name, value in values.items()
    ]
    gateway.update_stage(restApiId=api, stageName="api", patchOperations=change)
    yield gateway.get_stage(restApiId=api, stageName="api")["methodSettings"]
    gateway.update_stage(restApiId=api, stageName="api", patchOperations=[{"op": "remove", "path": f"/{ROUTE}"}])


def test_a_route_over_its_limit_answers_429_and_the_others_go_on(stack, gateway):
    answers = [web.get(f"{stack.api}/health").status_code for _ in range(5)]

    assert answers[:2] == [200, 200]
    assert answers[2:] == [429, 429, 429]
    Caller(stack).call()


def test_every_public_route_is_deployed_with_a_limit_of_its_own(gateway):
    """The emulator keeps what CloudFormation told it."""
    limits = {
        route.replace("~1", "/"): each["throttlingRateLimit"] for route, each in gateway.items() if route != ROUTE
    }

    assert limits["*/*"] == 100
    for page in ("/s/{token}", "/u/{token}", "/real/{agency_id}", "/openapi.json"):
        assert {limits[route] for route in limits if page in route} == {25}, limits
        assert len([route for route in limits if page in route]) == len(app.routes[page])
