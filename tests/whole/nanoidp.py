"""An identity provider that others wrote, nanoidp: a child process in its own virtual environment, behind TLS."""

import subprocess
import sys
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlencode

import httpx
import msgspec
import pytest
import trustme

from chalicelib.domain.desk.permissions import Role
from rigs.city.authority import certify
from rigs.city.emulator import die_with_parent, free_port
from rigs.city.front import front
from rigs.city.serve import bound_socket, serving
from tenfour.common.paths import ROOT
from tests.waiting import LONGEST, wait_until

PROGRAM = ROOT / ".venv-idp" / "bin" / "python"
CLIENT, SECRET = "tenfour-desk", "only-for-an-afternoon"


class User(NamedTuple):
    """Somebody whom the provider knows, as the desk's own rig has people."""

    username: str
    password: str


class Idp(NamedTuple):
    """A provider that runs: its issuer over TLS, its plain address, and a file with the authority to trust."""

    issuer: str
    plain: str
    trusted: str


def user(role):
    """Return the user who has a role."""
    return User(f"{role}.user", f"password of {role}")


@contextmanager
def provider(folder, back, acs="", roles="roles", **client):
    """Run nanoidp, which sends people back to `back` alone, and yield where it is; `client` is more of its client."""
    if not PROGRAM.exists():
        pytest.skip("NOT RUN: there is no nanoidp; `make whole` installs it into .venv-idp")
    authority, door, port = trustme.CA(), bound_socket(0), free_port()
    issuer, plain = f"https://127.0.0.1:{door.getsockname()[1]}", f"http://127.0.0.1:{port}"
    trusted = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    _configure(folder, issuer, port, back, acs, roles, client)
    with (folder / "nanoidp.log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, "-m", "nanoidp", "--config", folder, "--host", "127.0.0.1", "--port", str(port)],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  no threads yet
        )
        try:
            assert wait_until(lambda: process.poll() is not None or _answers(plain))
            assert process.poll() is None, (folder / "nanoidp.log").read_text()
            with serving(with_roles(front(plain)), door, tls=certify(authority, folder, "127.0.0.1")):
                yield Idp(issuer, plain, str(trusted))
        finally:
            process.kill()
            process.wait()


def with_roles(app):
    """Let the provider put roles into ID tokens, as an administrator decides elsewhere.

    nanoidp does it where a client asks by OpenID Connect's `claims` (Core, 5.5), which no agency's provider needs.
    """
    wanted = {"id_token": {"roles": None, "tenant": None}}
    asked = urlencode({"claims": msgspec.json.encode(wanted).decode()}).encode()

    async def ask(scope, receive, send):
        if scope["type"] == "http" and scope["path"] == "/authorize" and b"claims=" not in scope["query_string"]:
            scope = {**scope, "query_string": scope["query_string"] + b"&" + asked}
        await app(scope, receive, send)

    return ask


def _configure(folder, issuer, port, back, acs, attribute, more):
    """Write its two files; JSON is YAML."""
    client = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uris": [back], **more}
    settings = {
        "config_version": 1,
        "server": {"host": "127.0.0.1", "port": port},
        "oauth": {"issuer": issuer, "audience": CLIENT, "clients": [client]},
        "saml": {"default_acs_url": acs or f"{issuer}/nobody", "export_roles": True, "roles_attr_name": attribute},
    }
    users = {
        user(role).username: {
            "password": user(role).password,
            "email": f"{role}@springfield.example",
            "roles": [f"tenfour-{role}"],
            "tenant": f"tenfour-{role}",  # the same as a text: a pool of the emulator's hands on no lists
        }
        for role in (*Role, "nobody")
    }
    (folder / "settings.yaml").write_bytes(msgspec.json.encode(settings))
    (folder / "users.yaml").write_bytes(msgspec.json.encode({"config_version": 1, "users": users}))


def _answers(plain):
    try:
        return httpx.get(f"{plain}/.well-known/openid-configuration", timeout=LONGEST, trust_env=False).is_success
    except httpx.TransportError:
        return False
