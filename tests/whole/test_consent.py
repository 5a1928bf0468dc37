"""Consent on the running city: replies, links, commands, and the provider's own list."""

import re

import boto3
import pytest

from tests.command import tenfour_in_the_city
from tests.waiting import wait_until
from tests.whole.people import Caller, now, web

LINK = re.compile(r"http://\S+/u/\S+")


@pytest.fixture
def caller(stack):
    return Caller(stack)


def contact(*words):
    done = tenfour_in_the_city("contact", *words)
    assert done.returncode == 0, done.stderr
    return " ".join(re.sub("[│┃]", " ", done.stdout).split())  # what wraps in a table is one text again


def opted_out(inside, address):
    return inside.aws.contacts.load("springfield", address, now().date()).opted_out


def test_any_reply_is_answered_and_kept_for_the_agency(caller):
    caller.call()
    caller.hears("we have your call")
    caller.says(f"See you on Monday {caller.number}")

    caller.hears("this number is not monitored and nobody has read your text")
    assert f"See you on Monday {caller.number}" in contact("replies")


def test_a_phrase_in_spanish_is_a_stop_and_its_story_is_shown(inside, caller):
    caller.call()
    caller.hears("we have your call")
    caller.says("no me manden más mensajes")

    caller.hears("no le mandaremos textos")
    shown = contact("show", caller.phone)
    assert "gets nothing" in shown
    assert "reply" in shown
    assert caller.phone not in shown


def test_an_email_ends_emails_with_one_click(stack, inside, caller):
    email = f"{caller.number.lower()}@people.example"
    at = now()
    caller.tell(as_of=at, incident_type="NOISE", received_at=at, reporting_parties=[{"party_id": "1", "email": email}])

    def mails():
        return web.get(f"{stack.carrier}/messages", params={"to": email}).json()

    assert wait_until(mails)
    link = LINK.search(mails()[0]["body"])[0]
    assert "Stop all messages" in web.get(link).text
    assert opted_out(inside, email) is None

    assert web.post(link, files={"List-Unsubscribe": (None, "One-Click")}).status_code == 200
    assert opted_out(inside, email) == "all"


def test_a_bounce_ends_one_mailbox(stack, inside, caller):
    email = f"{caller.number.lower()}@people.example"
    web.post(f"{stack.carrier}/behaviour", json={email: "optout"}).raise_for_status()
    at = now()
    caller.tell(as_of=at, incident_type="NOISE", received_at=at, reporting_parties=[{"party_id": "1", "email": email}])

    assert wait_until(lambda: inside.aws.contacts.load("springfield", email, at.date()).bounced)


def test_somebody_is_opted_out_in_advance_and_in_again(inside, caller):
    who = ("--reason", "asked at the desk")
    contact("opt-out", caller.phone, *who)
    assert opted_out(inside, caller.phone) == "all"
    contact("opt-in", caller.phone, *who)
    contact("opt-out", caller.phone, "--surveys-only", *who)

    assert opted_out(inside, caller.phone) == "surveys"
    assert contact("show", caller.phone).count("user/lead") == 3


def test_the_providers_list_and_ours_agree(stack, inside, caller):
    provider = boto3.client(
        "pinpoint-sms-voice-v2",
        endpoint_url=stack.carrier,
        region_name=stack.region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    name, stranger = caller.number, Caller(stack)
    provider.put_opted_out_number(OptOutListName=name, OptedOutNumber=stranger.phone)
    caller.call()
    caller.hears("we have your call")
    caller.says("STOP")
    assert wait_until(lambda: opted_out(inside, caller.phone))

    assert "1 only the provider's: would be opted out here" in contact("reconcile", "--list", name, "--dry-run")
    assert opted_out(inside, stranger.phone) is None
    contact("reconcile", "--list", name)

    assert opted_out(inside, stranger.phone) == "all"
    pages = provider.get_paginator("describe_opted_out_numbers").paginate(OptOutListName=name)
    listed = {item["OptedOutNumber"] for page in pages for item in page["OptedOutNumbers"]}
    assert {caller.phone, stranger.phone} <= listed
    assert ", 0 only" not in contact("reconcile", "--list", name, "--dry-run")

    caller.says("START")
    assert wait_until(lambda: opted_out(inside, caller.phone) is None)
    assert "1 said START to us since" in contact("reconcile", "--list", name)


def test_a_code_that_nobody_was_sent_is_said_to_be_none(stack):
    page = f"{stack.api}/real/springfield"

    assert "confirm this code" in web.post(page, data={"code": "ZZZ999"}).text
    assert web.get(page, headers={"accept-language": "es"}).text.count("¿Es verdadero este texto?") == 2
    assert web.get(f"{stack.api}/real/nobody").status_code == 404
