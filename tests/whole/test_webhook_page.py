"""The requests of docs/vendor/webhook.md do what they say: three are run against a stack, one is worked out."""

import base64
import hmac
import json
import os
import re
import subprocess
import sys

import pytest

from chalicelib.auth import WebhookKey, authenticate
from chalicelib.domain.names import IncidentKey
from tenfour.common.paths import ROOT
from tests.command import tenfour_in_the_city
from tests.factories import NOW
from tests.whole.people import Caller, now, web

PAGES = "".join((ROOT / "docs" / "vendor" / f"{name}.md").read_text() for name in ("webhook", "webhook-reference"))
SNIPPETS = dict(re.findall(r"```(\w+)\n(.*?)```", PAGES, re.DOTALL))
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
BODY = b'{"updates": []}\n'

STEPS = {
    '"msg_" + [Guid]::NewGuid().ToString("N")': "'msg_1'",
    "[DateTimeOffset]::UtcNow.ToUnixTimeSeconds().ToString()": "seconds",
    '[byte[]]([Text.Encoding]::UTF8.GetBytes("$id.$at.") + $body)': "f'{id}.{at}.'.encode() + body",
    '[Convert]::FromBase64String($key.Substring("whsec_".Length))': "base64.b64decode(key[len('whsec_'):])",
    "[Convert]::ToBase64String([Security.Cryptography.HMACSHA256]::new($secret).ComputeHash($told))": (
        "base64.b64encode(hmac.digest(secret, told, 'sha256')).decode()"
    ),
    "$env:KEY": "key",
    '[IO.File]::ReadAllBytes("$PWD/body.json")': "body",
}
"""What each expression of PowerShell, which we can't run here, comes to in a language that we can."""

ASSIGNMENT = re.compile(r"^\$(\w+) = (.+)$", re.MULTILINE)
NOT_SIGNING = {"headers", "to"}


def program(language, folder):
    """Return the command that runs a request; C# is compiled first."""
    if language != "csharp":
        return [*{"sh": ["sh", "-euc"], "python": [sys.executable, "-W", "ignore", "-c"]}[language], SNIPPETS[language]]
    (folder / "tell.cs").write_text(SNIPPETS[language])
    subprocess.run(["mcs", "-r:System.Net.Http.dll", "tell.cs"], cwd=folder, check=True)
    return ["mono", "tell.exe"]


@pytest.mark.parametrize("language", ["sh", "python", pytest.param("csharp", marks=pytest.mark.whole)])
def test_a_request_that_can_be_run_is_taken(stack, inside, language, tmp_path):
    caller = Caller(stack)
    told = {"incident_number": caller.number, "as_of": now().isoformat(), "exercise": True, "shift": "Ñ"}
    (tmp_path / "body.json").write_text(json.dumps({"updates": [told]}, ensure_ascii=False) + "\n")
    where = {"ADDRESS": stack.api, "AGENCY": stack.agency_id, "KEY": stack.webhook_secret}

    run = {"cwd": tmp_path, "capture_output": True, "text": True}
    done = subprocess.run(program(language, tmp_path), env=os.environ | where, check=False, **run)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"accepted": 1, "duplicates": 0, "rejected": []}
    assert inside.aws.incidents.load(IncidentKey(stack.agency_id, caller.number)).version


def test_the_request_that_can_not_be_run_here_computes_the_right_signature():
    text = SNIPPETS["powershell"]
    known = {"key": SECRET, "body": BODY, "seconds": str(int(NOW.timestamp())), "base64": base64, "hmac": hmac}
    for name, expression in ASSIGNMENT.findall(text):
        if name not in NOT_SIGNING:
            known[name] = eval(STEPS[expression], known)  # a step that is not known fails here

    headers = {"webhook-id": known["id"], "webhook-timestamp": known["at"]}
    ours = WebhookKey(name="cad", feed="cad", agencies=(), secret=SECRET)
    assert authenticate({**headers, "webhook-signature": f"v1,{known['signature']}"}, BODY, "cad", [ours], NOW) is ours
    assert all(f'"{header}"' in text for header in ("webhook-id", "webhook-timestamp", "webhook-signature"))
    assert '"v1,' in text


@pytest.mark.parametrize("name", ["openapi.json", "openapi.html"])
def test_the_description_is_served(stack, name):
    answer = web.get(f"{stack.api}/{name}")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json" if name.endswith("json") else "text/html")
    assert answer.text.strip() == (ROOT / "chalicelib" / "web" / "static" / name).read_text().strip()


def test_a_new_key_opens_beside_the_old_one_by_the_command(stack):
    def keys(*words):
        done = tenfour_in_the_city("keys", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    keys("add", "next-vendor", "--feed", "cad")

    assert {"cad-signed", "next-vendor"} <= set(keys("list").split())
    assert keys("show", "next-vendor").startswith("whsec_")
    keys("remove", "next-vendor")
    assert "next-vendor" not in keys("list")
