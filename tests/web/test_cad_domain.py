"""Where a stack has an address that asks feeds for a certificate, they may post nowhere else."""

import json
import os
import subprocess
import sys

import pytest

from chalicelib.config import Config
from tenfour.common.paths import ROOT

POST = """
import json, sys
import app
from chalice.test import Client

app.app.lambda_context = None
event = json.loads(sys.argv[1])
answer = app.app(event, None)
print(answer["statusCode"], answer["body"])
"""


def post(domain):
    """Post in a process of its own: a container reads its configuration once."""
    names = {
        f"TENFOUR_{name.upper()}": "x" for name in Config.__struct_fields__ if name not in {"region", "twilio_url"}
    }
    environment = {**os.environ, **names, "TENFOUR_CAD_DOMAIN": "cad.city.example", "AWS_REGION": "us-west-2"}
    event = {
        "httpMethod": "POST",
        "headers": {"content-type": "application/json"},
        "multiValueQueryStringParameters": None,
        "pathParameters": {"agency_id": "springfield"},
        "stageVariables": None,
        "body": "{}",
        "isBase64Encoded": False,
        "requestContext": {
            "httpMethod": "POST",
            "resourcePath": "/cad/{agency_id}/heartbeat",
            "domainName": domain,
            "identity": {"sourceIp": "192.0.2.1"},
        },
    }
    # No network: what is not refused before the keys are read fails there.
    unreachable = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    command = [sys.executable, "-c", POST, json.dumps(event)]
    around = {**environment, **unreachable, "AWS_MAX_ATTEMPTS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("domain", ["tell.city.example", "abc.execute-api.us-west-2.amazonaws.com"])
def test_a_feed_that_posts_elsewhere_is_told_where(domain):
    assert post(domain) == '403 {"error":"post to cad.city.example, which asks for your certificate"}'


def test_a_feed_that_posts_there_goes_on_to_its_key():
    assert post("cad.city.example").startswith("500")
