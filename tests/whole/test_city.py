"""The packaged stack on the emulator, from the webhook to the query."""

import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.domain.incidents.identity import shown_number
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.insight.figures.queries import query
from chalicelib.virtual.town.callers import party
from chalicelib.virtual.town.calls import call, update
from tenfour.figures.local import LocalLake, download
from tenfour.rehearse.vendor import Vendor
from tests.waiting import wait_until
from tests.whole.people import LINK, Caller, OfLongDelays, arrived, now, web

DELAY = timedelta(seconds=20)
DAY = timedelta(days=1)


@pytest.fixture
def caller(stack):
    return Caller(stack)


def rows(inside, caller):
    """Return the caller's notifications by kind."""
    record = inside.aws.incidents.load(IncidentKey(caller.agency_id, caller.number))
    return {key.kind: row for key, row in record.rows.items()}


def opted_out(inside, phone):
    return inside.aws.contacts.load("springfield", phone, now().date()).opted_out


@pytest.mark.long
def test_a_call_becomes_texts_an_answer_and_a_figure(stack, inside, caller):
    began = now()
    caller.call("THEFT")
    caller.hears("we have your call")

    late = caller.hears("officers are delayed")
    assert arrived(late) >= began + DELAY

    caller.tell(arrived_at=now())
    caller.tell(closed_at=now(), dispositions=["RPT"])
    caller.hears("a report was taken")

    caller.tell(feed="rms", case_numbers=["26-104104"])
    caller.hears("your case number is 26-104104")

    link = LINK.search(caller.hears("how did we do")["body"])[0]
    assert web.get(link).status_code == 200
    answers = {"respect": "5", "listened": "4", "helped": "3", "call_taker": "5", "overall": "4", "comment": "Thanks."}
    assert "Thank you" in web.post(link, data=answers).text
    assert "Thank you" in web.post(link, data={"overall": "5"}).text  # until it closes, it can be changed
    page = re.sub(r"<(script|style)>.*?</\1>", "", web.get(link).text, flags=re.DOTALL)
    assert "overall" in page
    assert "checked" not in page  # nor is any answer shown

    states = {kind: row.state for kind, row in rows(inside, caller).items()}
    wait_until(lambda: State.SENT not in {row.state for row in rows(inside, caller).values()})
    states = {kind: row.state for kind, row in rows(inside, caller).items()}
    assert set(states.values()) == {State.DELIVERED}
    assert set(states) == set(Kind) - {Kind.DISPATCHED}

    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder)

        def in_the_lake():
            inside.compact()
            download(stack, lake)
            here = LocalLake(lake)
            sql = (
                f"SELECT count(*) FROM notifications WHERE incident_number = '{caller.number}' AND state = 'delivered'"
            )
            ((delivered,),) = here.query(sql).rows
            figures = here.query(query("satisfaction").during(began.date() - DAY, began.date() + DAY)).dicts()
            overall = [figure for figure in figures if figure["question"] == "overall"]
            return delivered == 5 and overall

        assert wait_until(in_the_lake, every=2)
        for figure in in_the_lake():
            assert figure["answers"] >= 1
            assert 1 <= figure["mean_mark"] <= 5


def test_a_call_is_one_under_all_its_names(stack, inside, caller):
    key, at = f"key-{caller.number}", now()
    opening = {**update("", at, call(at, party(caller.phone))), "incident_id": key}
    late = {**update(caller.number, at, {"dispatched_at": at}), "incident_id": key}
    del opening["incident_number"]
    assert [caller.cad.post([each]).status_code for each in (opening, late)] == [202, 202]
    caller.hears("we have your call")
    caller.tell(arrived_at=now())

    incident = inside.aws.incidents.load(IncidentKey(caller.agency_id, f"id:{key}")).incident
    assert (shown_number(incident), incident.facts.arrived_at is None) == (caller.number, False)
    assert not inside.aws.incidents.load(IncidentKey(caller.agency_id, caller.number)).version


def test_an_arrival_before_the_threshold_cancels_the_delay_notice(stack, inside):
    caller = OfLongDelays(stack, inside)
    caller.call()
    caller.hears("we have your call")
    assert rows(inside, caller)[Kind.DELAY].state == "scheduled"

    caller.tell(arrived_at=now())

    assert (rows(inside, caller)[Kind.DELAY].state, rows(inside, caller)[Kind.DELAY].reason) == ("cancelled", "arrived")


def test_a_repeated_webhook_changes_nothing(inside, caller):
    at = now()
    party = {"party_id": "1", "phone": caller.phone}
    update = {"incident_number": caller.number, "as_of": at, "incident_type": "NOISE", "received_at": at}
    body = [{**update, "reporting_parties": [party]}]

    answers = [caller.cad.post(body, webhook_id).json() for webhook_id in ("msg_same" + caller.number,) * 3 + (None,)]

    assert [(answer["accepted"], answer["duplicates"]) for answer in answers] == [(1, 0), (0, 1), (0, 1), (0, 1)]
    caller.hears("we have your call")
    assert caller.times("we have your call") == 1
    assert inside.aws.incidents.load(IncidentKey("springfield", caller.number)).version == 1


def test_twenty_webhooks_at_once_for_one_incident_lose_nothing(stack, inside, caller):
    def tell(n):
        party = {"party_id": f"{n:02}", "role": "witness", "phone": caller.phone}
        update = {"incident_number": caller.number, "as_of": now(), "update_id": f"u{n}", "reporting_parties": [party]}
        return Vendor(stack).post([update]).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(tell, range(20)))

    assert answers == [202] * 20
    record = inside.aws.incidents.load(IncidentKey("springfield", caller.number))
    assert (len(record.incident.parties), record.version) == (20, 20)


def test_an_incident_re_typed_as_sensitive_goes_and_stays_silent(stack, inside):
    caller = OfLongDelays(stack, inside)
    caller.call("SUSP", incident_type_description="Suspicious noise")
    caller.hears("we have your call")
    caller.tell(incident_type="DV")
    caller.tell(incident_type="SUSP", arrived_at=None)
    other = OfLongDelays(stack, inside)
    other.phone, other.agency, other.agency_id = caller.phone, caller.agency, caller.agency_id
    other.call()
    caller.tell(closed_at=now(), dispositions=["HAN"])

    assert wait_until(lambda: rows(inside, other)[Kind.ACKNOWLEDGMENT].reason == "silenced")
    assert len(caller.texts()) == 1
    assert rows(inside, caller)[Kind.DELAY].reason == "sensitive"


def test_stop_silences_a_person_and_start_restores(stack, inside, caller):
    caller.call()
    caller.hears("we have your call")
    caller.says("Stop")
    assert wait_until(lambda: opted_out(inside, caller.phone))

    again = Caller(stack)
    again.phone = caller.phone
    again.call()
    assert wait_until(lambda: rows(inside, again)[Kind.ACKNOWLEDGMENT].reason == "opted_out")
    caller.hears("you will get no more texts")
    assert [caller.times(words) for words in ("we have your call", "you will get no more texts")] == [1, 1]
    assert not any(again.number in body for body in caller.bodies())

    caller.says("START")
    assert wait_until(lambda: not opted_out(inside, caller.phone))
    third = Caller(stack)
    third.phone = caller.phone
    third.call()
    third.hears(third.number)


def test_what_does_not_reach_a_landline_goes_by_email(stack, inside, caller):
    web.post(f"{stack.carrier}/behaviour", json={caller.phone: "landline"}).raise_for_status()
    email = f"{caller.number.lower()}@people.example"
    at = now()
    party = {"party_id": "1", "phone": caller.phone, "email": email}
    caller.tell(as_of=at, incident_type="NOISE", received_at=at, reporting_parties=[party])

    def mails():
        return web.get(f"{stack.carrier}/messages", params={"to": email}).json()

    assert wait_until(lambda: inside.sweep() or mails(), every=2), "the sweep finds it"
    assert (mails()[0]["channel"], mails()[0]["subject"]) == (
        "email",
        f"Springfield Police Department: your call {caller.number}",
    )
    assert wait_until(lambda: rows(inside, caller)[Kind.ACKNOWLEDGMENT].state == "delivered")


def test_a_bearer_key_will_do_and_nothing_else(stack, caller):
    at = now().isoformat()
    update = {"incident_number": caller.number, "as_of": at, "incident_type": "NOISE", "received_at": at}
    url = f"{stack.api}/cad/springfield/updates"

    def post(key):
        return web.post(url, json={"updates": [update]}, headers={"authorization": f"Bearer {key}"}).status_code

    assert post(stack.bearer_key) == 202
    assert post("wrong") == 401


def test_health(stack):
    assert web.get(f"{stack.api}/health").json() == {"status": "ok"}


def test_a_link_that_is_none_is_said_kindly_and_loads_nothing(stack):
    answer = web.get(f"{stack.api}/s/{'a' * 13}")

    assert (answer.status_code, "does not work" in answer.text) == (404, True)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<script|https?://", answer.text)


def test_nothing_else_is_there(stack):
    elsewhere = ("/nothing", "/s/a/b", "/cad/springfield/updates")

    assert {web.get(stack.api + path).status_code for path in elsewhere} <= {403, 404, 405}
