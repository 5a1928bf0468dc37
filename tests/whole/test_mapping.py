"""A vendor's own payload, posted as it is to a published mapping of the running city."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from uuid import uuid4

import pytest

from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.names import IncidentKey
from chalicelib.wiring import now
from tenfour.common.paths import ROOT
from tests.command import tenfour_in_the_city as tenfour
from tests.waiting import wait_until
from tests.whole.people import Caller, web

AEGIS = ROOT / "infra" / "maps" / "aegis.toml"


@pytest.fixture(scope="module")
def mapping(stack):
    """Publish a mapping under a name of its own, and return the name."""
    name = f"aegis-{uuid4().hex[:6]}"
    done = tenfour("mapping", "publish", str(AEGIS), "--name", name, "--comment", "first")
    assert done.returncode == 0, done.stderr
    assert f"mapping={name}" in done.stdout
    return name


@pytest.fixture
def post(stack, mapping):
    def posted(body, content_type="application/xml", name=mapping, secret=stack.webhook_secret):
        at = now()
        headers = {
            "content-type": content_type,
            "webhook-id": f"msg_{uuid4().hex}",
            "webhook-timestamp": str(int(at.timestamp())),
        }
        key = b64decode(secret.removeprefix("whsec_"))
        signing = b"%b.%b.%b" % (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body)
        signed = f"v1,{b64encode(hmac.digest(key, signing, hashlib.sha256)).decode()}"
        url = f"{stack.api}/cad/springfield/updates"
        return web.post(url, params={"mapping": name}, content=body, headers={**headers, "webhook-signature": signed})

    return posted


def call(caller, more=""):
    at = now().isoformat()
    return (
        f"<Call><Incidents><Incident><AgencyType>Police</AgencyType><Number>{caller.number}</Number></Incident></Incidents>"
        f"<CallSource>E911</CallSource><CreateDateTime>{at}</CreateDateTime>"
        f"<CallerName>Nobody Atall</CallerName><CallerPhone>{caller.phone}</CallerPhone>{more}<AgencyContexts>"
        "<AgencyContext><AgencyType>Police</AgencyType><CallType>NOISE</CallType></AgencyContext></AgencyContexts></Call>"
    ).encode()


@pytest.mark.parametrize("media", ["application/xml", "text/xml; charset=windows-1252"])
@pytest.mark.parametrize(("encoding", "named"), [("cp1252", "windows-1252"), ("utf-16", "utf-16"), ("utf-8", "utf-8")])
def test_a_call_is_taken_in_whatever_letters_its_vendor_signs_it(stack, post, encoding, named, media):
    """The signature is over the bytes. What API Gateway takes for text, it decodes as UTF-8 before anybody checks."""
    caller = Caller(stack)
    written = call(caller, "<Address>Peña Blvd, café</Address>").decode()

    answer = post(f'<?xml version="1.0" encoding="{named}"?>{written}'.encode(encoding), media)

    assert (answer.status_code, answer.json().get("accepted")) == (202, 1), answer.text


def test_a_callers_phone_hears_of_a_call_that_came_as_its_vendor_writes_it(stack, post):
    caller = Caller(stack)

    answer = post(call(caller))

    assert (answer.status_code, answer.json()["accepted"]) == (202, 1), answer.text
    caller.hears(f"we have your call {caller.number}")


def test_what_does_not_fit_is_named_and_kept_without_the_rest(stack, post, inside):
    caller = Caller(stack)

    answer = post(call(caller, "<AssignedUnits><Unit><ArriveDateTime>soon</ArriveDateTime></Unit></AssignedUnits>"))

    assert answer.status_code == 422
    assert answer.json()["rejected"][0]["error"].startswith("updates[0].as_of: expected a time as iso")
    (kept,) = [item for item in inside.aws.rejects.kept("springfield") if caller.number in item]
    assert '"incident_type":"NOISE"' in kept
    assert "Atall" not in kept
    told = inside.aws.incidents.load(IncidentKey("springfield", caller.number)).incident
    assert (told.facts, told.parties) == (Facts(), {})  # its words about the nature may hold, and nothing else


def test_wrong_requests_get_the_answers_of_the_webhook(stack, post):
    body = call(Caller(stack))

    assert post(body, name="nobodys").status_code == 404
    assert post(body, name="a#b").status_code == 404
    assert post(body, content_type="application/json").status_code == 415
    assert post(body, secret=stack.rms_secret).status_code == 401
    assert post(b"<Call>").status_code == 400
    assert post(b"<Other/>").status_code == 422
    assert (
        post(b"<!DOCTYPE x [<!ENTITY a 'b'>]><Call>&a;</Call>")
        .json()["error"]
        .startswith("the body has a document type")
    )


@pytest.mark.long
@pytest.mark.whole
def test_a_mapping_is_published_as_versions_and_in_force_within_a_minute(post, stack, inside, mapping, tmp_path):
    changed = tmp_path / "changed.toml"
    changed.write_text(AEGIS.read_text().replace('beat = "Location/PoliceBeat"', 'beat = "Location/Area"'))
    caller = Caller(stack)
    body = call(caller, "<Location><Area>777</Area></Location>")

    done = tenfour("mapping", "publish", str(changed), "--name", mapping, "--comment", "areas")

    assert "version 2" in done.stdout
    assert mapping in tenfour("mapping", "list").stdout

    def in_force():
        post(body)
        return inside.aws.incidents.load(IncidentKey("springfield", caller.number)).incident.facts.beat == "777"

    assert wait_until(in_force, every=5)
