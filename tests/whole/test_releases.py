"""Two releases side by side: each one's zip runs in a process of its own, and they share nothing but stored bytes.

So it is while a deployment lasts, and after a roll-back. Each story is told with either release first. An emulator
without functions holds the tables, so nobody takes a hint before the test does.
"""

import json
import os
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.database import Database
from chalicelib.carriers.tools import Carriers
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.budget import Budget
from chalicelib.virtual.fiction import fictional_phone
from rigs.carrier_simulator.server import ANYBODY
from rigs.city.emulator import emulator, free_port
from rigs.city.storage import furnish
from tenfour.common.reach import client, tables_at
from tenfour.stack.package import here, package
from tests.carriers.simulator import simulating
from tests.factories import demo_agency
from tests.whole import one_release
from tests.whole.people import now
from tests.whole.release_before import release_before

pytestmark = pytest.mark.whole

BEARER = "not secret: it opens nothing outside this test"
NEW, OLD = "this release", "the release before"
LEFT_ALONE = ("region", "twilio_url", "cad_domain")
"""Parts of the configuration that have other variables, or that a stack without a domain of its own leaves empty."""

phones = count(700)


class Release:
    """A release in a process of its own."""

    def __init__(self, process):
        self._process = process

    def call(self, handler, event):
        """Call a handler and return its answer."""
        self._process.stdin.write(json.dumps({"handler": handler, "event": event}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the release's process has ended; its errors are in the test's output"
        return json.loads(answer)

    def take(self, **update):
        """Take in what a dispatch system tells."""
        answer = self.call(
            "app", posted("/cad/{agency_id}/updates", {"updates": [{"as_of": now().isoformat(), **update}]})
        )
        assert answer["statusCode"] == 202, answer

    def handle(self, handler, *bodies):
        """Handle messages of a queue; each must be done with."""
        at = {"SentTimestamp": str(int(now().timestamp() * 1000))}
        records = [{"messageId": uuid4().hex, "body": body, "attributes": at} for body in bodies]
        assert self.call(handler, {"Records": records}) == {"batchItemFailures": []}

    def sweep(self):
        """Do what is done each minute."""
        names = ("version", "account", "region", "detail", "detail-type", "source", "time", "id", "resources")
        self.call("sweep", dict.fromkeys(names, ""))


def posted(path, body):
    """Return a webhook as API Gateway hands it over."""
    return {
        "multiValueQueryStringParameters": None,
        "headers": {"content-type": "application/json", "authorization": f"Bearer {BEARER}"},
        "pathParameters": {"agency_id": "springfield"},
        "requestContext": {"httpMethod": "POST", "resourcePath": path},
        "stageVariables": None,
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


@contextmanager
def running(packaged, folder, environment):
    with zipfile.ZipFile(packaged.code) as code:
        code.extractall(folder)
    command = [sys.executable, "-I", "-S", one_release.__file__, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env={"PATH": os.environ["PATH"], **environment}, **pipes) as process:
        try:
            yield Release(process)
        finally:
            process.stdin.close()
            process.wait()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Both releases over the same tables, the tables as this one reads them, and the carrier."""
    old, new = release_before(), package(here())
    with emulator(tmp_path_factory.mktemp("aws"), free_port(), {}) as aws, simulating() as carrier:
        config = furnish(aws, f"releases-{uuid4().hex[:8]}", Carriers(twilio=ANYBODY))
        keys = [{"name": "cad", "feed": "cad", "agencies": ["springfield"], "bearer": BEARER}]
        client("secretsmanager", aws).create_secret(
            Name=config.webhook_keys_secret, SecretString=json.dumps({"webhook_keys": keys})
        )
        stores = Database(config.tables, tables_at(aws), now, lambda: b"secret", config.ledger_table)
        ours = replace(demo_agency(), budget=Budget(segments_per_day=1000))
        stores.settings.publish(ours, "lead", "both releases", now())
        environment = surroundings(config, aws, carrier.url)
        old_one = running(old, tmp_path_factory.mktemp("old"), environment)
        with old_one as before, running(new, tmp_path_factory.mktemp("new"), environment) as this:
            yield {OLD: before, NEW: this}, stores, carrier


def surroundings(config, aws, carrier):
    """Return the environment that functions have, with what stands for AWS and the carriers."""
    names = {name: getattr(config, name) for name in config.__struct_fields__ if name not in LEFT_ALONE}
    carriers = ("AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2", "AWS_ENDPOINT_URL_SESV2", "TENFOUR_TWILIO_URL")
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    region = dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), config.region)
    stack = {f"TENFOUR_{name.upper()}": value for name, value in names.items()}
    return stack | dict.fromkeys(carriers, carrier) | {"AWS_ENDPOINT_URL": aws} | credentials | region


@pytest.fixture(params=[(OLD, NEW), (NEW, OLD)], ids=["the release before first", "this release first"])
def story(request, world):
    releases, stores, carrier = world
    return *(releases[name] for name in request.param), Caller(stores, carrier)


class Caller:
    """Somebody who calls, and what is stored of their call."""

    def __init__(self, stores, carrier):
        self.stores, self._carrier = stores, carrier
        self.phone, self.number = fictional_phone(next(phones)), f"P26-{uuid4().hex[:8]}"

    def call(self, number=""):
        party = {"party_id": "1", "role": "caller", "contact_kind": "personal", "phone": self.phone}
        received_at = (now() - timedelta(seconds=1)).isoformat()
        named = {"incident_number": number or self.number, "incident_type": "NOISE", "received_at": received_at}
        return {**named, "reporting_parties": [party]}

    def row(self, kind, number=""):
        rows = self.stores.incidents.load(IncidentKey("springfield", number or self.number)).rows.values()
        return next(row for row in rows if row.key.kind is kind)

    def texts(self):
        return [message["body"] for message in self._carrier.messages(self.phone)]

    def event(self, row, kind, **more):
        told = {"eventType": kind, "eventTimestamp": int(now().timestamp() * 1000), "messageId": row.reference}
        return json.dumps({**told, "context": {"notification": row.key.id}, **more})

    def reply(self, body):
        numbers = {"originationNumber": self.phone, "destinationNumber": demo_agency().numbers.sms_from}
        return json.dumps({**numbers, "messageBody": body, "inboundMessageId": uuid4().hex})


def test_a_call_that_one_takes_in_the_other_tells_of_and_a_receipt_settles(story):
    first, second, caller = story
    first.take(**caller.call())
    second.handle("deliver", caller.row(Kind.ACKNOWLEDGMENT).key.id)
    sent = caller.row(Kind.ACKNOWLEDGMENT)
    first.handle("record_receipt", caller.event(sent, "TEXT_DELIVERED", isFinal=True, totalMessagePrice=0.008))

    assert sent.state is State.SENT
    assert len(caller.texts()) == 1
    assert caller.row(Kind.ACKNOWLEDGMENT).state is State.DELIVERED
    assert caller.row(Kind.ACKNOWLEDGMENT).cost == 0.008


def test_an_arrival_that_the_other_hears_cancels_what_one_had_planned(story):
    first, second, caller = story
    first.take(**caller.call())
    second.take(incident_number=caller.number, arrived_at=now().isoformat())

    assert caller.row(Kind.DELAY).state is State.CANCELLED


def test_a_stop_that_one_hears_the_other_obeys_until_a_start(story):
    first, second, caller = story
    later = f"{caller.number}-2"
    first.handle("record_reply", caller.reply("STOP"))
    second.take(**caller.call())
    second.handle("deliver", caller.row(Kind.ACKNOWLEDGMENT).key.id)
    second.handle("record_reply", caller.reply("START"))
    first.take(**caller.call(later))
    first.handle("deliver", caller.row(Kind.ACKNOWLEDGMENT, later).key.id)

    assert caller.row(Kind.ACKNOWLEDGMENT).reason == Reason.OPTED_OUT
    assert caller.row(Kind.ACKNOWLEDGMENT, later).state is State.SENT


def test_both_count_against_one_budget(story):
    first, second, caller = story
    before = caller.stores.settings.spent("springfield").day
    for place, release in enumerate((first, second, first)):
        number = f"{caller.number}-{place}"
        release.take(**caller.call(number))
        release.handle("deliver", caller.row(Kind.ACKNOWLEDGMENT, number).key.id)

    assert caller.stores.settings.spent("springfield").day == before + 3


def test_texts_that_carriers_block_stop_neither(story):
    first, second, caller = story
    first.take(**caller.call())
    first.handle("deliver", caller.row(Kind.ACKNOWLEDGMENT).key.id)
    blocked = caller.event(caller.row(Kind.ACKNOWLEDGMENT), "TEXT_CARRIER_BLOCKED", isFinal=True)
    first.handle("record_receipt", blocked)
    other = Caller(caller.stores, caller._carrier)
    second.take(**other.call())
    second.handle("deliver", other.row(Kind.ACKNOWLEDGMENT).key.id)

    assert caller.row(Kind.ACKNOWLEDGMENT).state is State.UNDELIVERED
    assert other.row(Kind.ACKNOWLEDGMENT).state is State.SENT


def test_the_sweep_of_each_finds_what_the_other_stored(story):
    first, second, caller = story
    first.take(**caller.call())
    second.sweep()
    first.sweep()

    assert caller.row(Kind.ACKNOWLEDGMENT).state is State.SCHEDULED
