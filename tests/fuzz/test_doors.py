"""Any body posted to a route gets an answer: never a 500, no unescaped input on a page, no person in the log."""

import io
import json
import logging
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import app
from chalicelib.boundary import answering, logger
from chalicelib.domain.names import Kind
from chalicelib.domain.people.consent import Person, unsubscribe_token
from chalicelib.domain.surveys.token import form_proof
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.virtual.clock import VirtualCity
from chalicelib.web.callbacks import keep_twilio_inbound, keep_twilio_status
from chalicelib.web.pages import survey_page, unsubscribe_page, verify_page
from chalicelib.web.webhooks import hear, receive
from tests.factories import PHONE, agency, call, update
from tests.fuzz.doors import Doors, request, signed
from tests.fuzz.many import many
from tests.fuzz.test_parsers import bodies, said, updates
from tests.leaks import leaks

MARK = "<script>alert(1)</script>"
nasty = said.map(lambda words: words.encode(errors="replace").decode()) | st.sampled_from(
    [MARK, '"onload="x', "{{ 7*7 }}", "{% raw %}", "%s%n", "a\r\nSet-Cookie: x=1", "\u202e"]
)
languages = st.sampled_from(["en", "es", "fa,en;q=0.5", "*", "", ";q=9", "zz" * 99]) | st.text(max_size=20)


class Wellformed(HTMLParser):
    """Counts what a page opens and closes."""

    VOID = frozenset({"meta", "input", "br", "link", "img", "hr"})

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.scripts = [], [], 0

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@contextmanager
def logged():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logger.handlers[0].formatter)
    logger.addHandler(handler)
    try:
        yield stream
    finally:
        logger.removeHandler(handler)


def answered(view, *args):
    """Return what a view answers; the log has nobody in it, and the answer is no 500."""
    with logged() as lines:
        response = answering(view)(*args)
    assert leaks(lines.getvalue()) == []
    assert response.status_code < 500, lines.getvalue()
    assert all("\n" not in f"{value}" and "\r" not in f"{value}" for value in response.headers.values())
    if "html" in str(response.headers.get("Content-Type", "")):
        page = Wellformed()
        page.feed(response.body)
        assert not page.wrong
        assert page.open == []
        assert MARK not in response.body
        assert page.scripts <= 1
    return response


@pytest.fixture(scope="module")
def city():
    """Return a city in which somebody was asked how it went, and the word of their link."""
    began = datetime.now(UTC) - timedelta(days=2)
    city = VirtualCity(agency())
    city.ports = Doors(city.agency)
    city.ports.settings.beating = True
    for at, told in (
        (began, call(at=began)),
        (
            began + timedelta(minutes=9),
            update(began + timedelta(minutes=9), "a", arrived_at=began + timedelta(minutes=9)),
        ),
        (
            began + timedelta(minutes=40),
            update(began + timedelta(minutes=40), "c", closed_at=began + timedelta(minutes=40), dispositions=("HAN",)),
        ),
    ):
        city.run_until(at)
        city.ports.tell_time(at)
        receive_updates([told], told.update_id, city.agency, city.ports, at)
    city.run_until(datetime.now(UTC))
    asked = [one for one in city.ports.sms.outgoing if Kind.SURVEY in one.id]
    return city.ports, re.search(r"/s/(\w{13})", asked[0].body)[1]


@many
@given(bodies | updates.map(lambda told: json.dumps({"updates": [told]}).encode()), st.sampled_from(["cad", "rms"]))
def test_webhooks(tried, body, feed):
    tried["webhooks, signed"] += 1
    world = Doors(agency())
    world.tell_time(datetime.now(UTC))
    sent = request("POST", body, signed(body))
    response = answered(receive, "springfield", feed, sent, world)

    assert response.status_code in (202, 400, 413, 415, 422)
    if response.status_code == 202:
        assert answered(receive, "springfield", feed, sent, world).body["accepted"] == 0


@many
@given(
    bodies,
    st.text(max_size=30),
    st.dictionaries(st.sampled_from(["webhook-id", "content-type", "authorization"]), said),
)
def test_webhooks_of_nobody(tried, body, name, headers):
    tried["webhooks, unsigned"] += 1
    plain = {key: text.encode(errors="replace").decode() for key, text in headers.items()}
    for status in (
        answered(
            receive, name, "cad", request("POST", body, {"content-type": "application/json", **plain}), Doors(agency())
        ).status_code,
        answered(hear, name, request("POST", body, plain), Doors(agency())).status_code,
    ):
        assert status in (400, 401, 404, 415)


fields = st.dictionaries(
    st.sampled_from(["respect", "helped", "overall", "comment", "first", "done", "seen", "proof", "ours", "lang"])
    | said,
    nasty | st.sampled_from(["1", "5", "6", "yes", "9" * 5000]),
    max_size=6,
)


def encoded(form):
    return urlencode(
        {name.encode(errors="replace"): text.encode(errors="replace") for name, text in form.items()}
    ).encode()


@many
@given(fields, languages, st.sampled_from(["text/html", "application/json", "*/*"]), nasty)
def test_survey_pages(tried, city, form, language, accept, asked):
    tried["survey pages"] += 1
    world, token = city
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "accept-language": language.encode(errors="replace").decode(),
        "accept": accept,
    }
    if "proof" in form:
        form["proof"] = form_proof(world.survey_secret, token)
    posted = answered(survey_page, token, request("POST", encoded(form), headers), world)
    shown = answered(survey_page, token, request("GET", headers=headers, query={"lang": asked}), world)

    assert posted.status_code in (200, 303, 400, 403, 413, 422)
    assert shown.status_code == 200


@many
@given(st.text(max_size=20) | st.from_regex(r"[0-9A-Za-z]{13}", fullmatch=True), fields, languages)
def test_survey_pages_of_no_survey(tried, city, token, form, language):
    tried["survey pages of no survey"] += 1
    headers = {"content-type": "application/x-www-form-urlencoded", "accept-language": language}
    for method in ("GET", "POST"):
        response = answered(survey_page, token, request(method, encoded(form), headers), city[0])
        assert response.status_code in (400, 403, 404, 410, 413)


@many
@given(nasty, nasty, languages, st.booleans())
def test_unsubscribe_and_real_pages(tried, city, one, other, language, ours):
    tried["unsubscribe and real pages"] += 1
    world, headers = city[0], {"content-type": "application/x-www-form-urlencoded", "accept-language": language}
    person = Person("springfield", world.contacts.reference(PHONE))
    link = unsubscribe_token(world.unsubscribe_secret, person) if ours else one
    form = encoded({"choice": other, "code": one})
    for method in ("GET", "POST"):
        answered(unsubscribe_page, link, request(method, form, headers), world)
        answered(verify_page, "springfield" if ours else other, request(method, form, headers), world)


@many
@given(fields, nasty)
def test_callbacks_of_nobody(tried, form, notification):
    tried["carriers' callbacks"] += 1
    world = Doors(agency())
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": "AAAA", "host": "a.example"}
    for view, path in (
        (keep_twilio_status, "/carriers/twilio/status"),
        (keep_twilio_inbound, "/carriers/twilio/inbound"),
    ):
        sent = request("POST", encoded(form), headers, query={"notification": notification}, path=path)
        assert answered(view, sent, world).status_code in (400, 403, 413)
    assert world.receipts == world.replies == []


def test_every_route_is_tried():
    tried = {
        "/cad/{agency_id}/updates",
        "/rms/{agency_id}/updates",
        "/cad/{agency_id}/heartbeat",
        "/s/{token}",
        "/u/{token}",
    }

    assert set(app.routes) - {"/health", "/openapi.json", "/openapi.html", "/"} == tried | {
        "/real/{agency_id}",
        "/carriers/twilio/status",
        "/carriers/twilio/inbound",
    }
