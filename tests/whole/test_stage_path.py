"""The stack without a domain of its own: API Gateway's address begins every path with the stage, and knows no other."""

import re
from uuid import uuid4

import pytest
from msgspec.structs import replace
from twilio.request_validator import RequestValidator

from chalicelib.domain.notifications.notification import State
from chalicelib.domain.settings.providers import Providers
from rigs.city.front import front
from rigs.city.serve import address, bound_socket, serving
from tests.waiting import wait_until
from tests.whole.people import Caller, now, web
from tests.whole.test_twilio import call, row

STAGE = "api"
MAIL_LINK = re.compile(r"http://\S+/u/\S+")


@pytest.fixture(scope="module")
def default_endpoint(stack, inside):
    """Serve the city as API Gateway's own address does, and return that address."""
    door = bound_socket(0)
    api = f"{stack.aws_endpoint}/restapis/{inside.outputs['RestAPIId']}/{STAGE}/_user_request_"
    with serving(front(api, STAGE), door):
        yield f"{address(door)}/{STAGE}"


@pytest.fixture
def without_domain(inside, default_endpoint):
    """Publish an agency that has no domain of its own and texts by Twilio."""
    ours = inside.aws.settings.agency("springfield")
    numbers = replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}", twilio_from=f"MG{uuid4().hex}")
    survey = replace(ours.survey, link=f"{default_endpoint}/s")
    return inside.aws.settings.publish(
        replace(
            ours,
            agency_id=f"s{uuid4().hex[:8]}",
            numbers=numbers,
            survey=survey,
            providers=Providers(sms=("twilio",)),
        ),
        "local",
        "without a domain",
        now(),
    )


def test_the_address_knows_nothing_outside_its_stage(default_endpoint):
    outside = default_endpoint.removesuffix(f"/{STAGE}")

    assert web.get(f"{default_endpoint}/health").json() == {"status": "ok"}
    assert web.get(f"{outside}/health").status_code == 403
    assert web.get(f"{outside}/").status_code == 403


def test_twilio_calls_back_under_the_stage(stack, inside, without_domain):
    caller = Caller(stack)
    call(without_domain, caller, inside)
    caller.hears("we have your call")

    assert wait_until(lambda: row(without_domain, caller, inside).state is State.DELIVERED)


@pytest.mark.parametrize("known", [True, False], ids=["of an agency", "of nobody"])
def test_a_text_that_twilio_posts_under_the_stage_is_authentic(inside, without_domain, default_endpoint, known):
    url = f"{default_endpoint}/carriers/twilio/inbound"
    number = without_domain.numbers.twilio_from if known else f"+1{uuid4().int % 10**10:010}"
    fields = {"MessageSid": "SM0", "From": "+13035550123", "To": number, "Body": "thanks"}
    token = inside.aws.carriers.twilio.auth_token

    def posted(signed):
        signature = RequestValidator(token).compute_signature(signed, fields)
        return web.post(url, data=fields, headers={"x-twilio-signature": signature}).status_code

    assert posted(url) == 200
    assert posted(url.replace("/inbound", "/status")) == 403


def test_an_email_of_it_ends_emails(stack, inside, without_domain, default_endpoint):
    caller = Caller(stack)
    email = f"{caller.number.lower()}@people.example"
    call(without_domain, caller, inside, email=email)

    def mails():
        return web.get(f"{stack.carrier}/messages", params={"to": email}).json()

    assert wait_until(mails)
    link = MAIL_LINK.search(mails()[0]["body"])[0]
    assert link.startswith(f"{default_endpoint}/u/")
    assert web.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert inside.aws.contacts.load(without_domain.agency_id, email, now().date()).opted_out


def test_its_page_about_real_texts_is_there(without_domain, default_endpoint):
    page = web.get(f"{default_endpoint}/real/{without_domain.agency_id}")

    assert page.status_code == 200
    assert set(re.findall(r"(?:href|src|action)=\"(/[^\"]*)", page.text)) == set()


def test_its_bare_address_leads_to_that_page(without_domain, default_endpoint):
    page = web.get(f"{default_endpoint}/")

    assert page.status_code == 200
    assert f'href="{default_endpoint}/real/{without_domain.agency_id}"' in page.text
    assert web.get(f"{default_endpoint}/real/{without_domain.agency_id}").status_code == 200
