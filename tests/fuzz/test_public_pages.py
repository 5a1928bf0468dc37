"""Pages that anybody may open: whatever is posted, they stay pages, tell nobody's words, and call no code false."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import words
from chalicelib.boundary import Refused
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.text_code import ALPHABET, code_hash
from chalicelib.domain.people.consent import Person, unsubscribe_token
from chalicelib.domain.surveys.token import form_proof
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.ports.errors import Busy, Conflict
from chalicelib.virtual.clock import VirtualCity
from chalicelib.web.pages import home_page, survey_page, unsubscribe_page, verify_page
from chalicelib.web.trouble import as_page
from tests.factories import PHONE, agency, call, update
from tests.fuzz.answered import answered, encoded, fields, is_html, languages, logged, nasty
from tests.fuzz.doors import Doors, request
from tests.fuzz.many import many

OWN_WORDS = "Zwxq words of one person"


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
    if "comment" in form:
        form["comment"] = f"{OWN_WORDS} {form['comment']}"
    posted = answered(survey_page, token, request("POST", encoded(form), headers), world)
    shown = answered(survey_page, token, request("GET", headers=headers, query={"lang": asked}), world)

    assert posted.status_code in (200, 400, 403, 413, 422)
    assert shown.status_code == 200
    assert OWN_WORDS not in str(shown.body)
    assert not re.search(r"<input[^>]*\schecked", str(shown.body))


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


written = st.tuples(*[st.sampled_from(["", " ", "-", "\u2011", "\u2013", ".", "\u00a0", "\n"])] * 6)


@many
@given(st.text(ALPHABET, min_size=6, max_size=6), written, st.booleans(), st.booleans(), st.sampled_from(["en", "es"]))
def test_a_code_is_confirmed_however_it_is_typed_and_none_is_called_false(tried, code, gaps, small, known, language):
    """docs/agency/consent.md: the page confirms a code that we sent, and of another it says that it can't tell."""
    tried["codes of texts"] += 1
    world = Doors(agency())
    if known:
        world.surveys.keep_code(code_hash("springfield", code), datetime.now(UTC) + timedelta(days=1))
    typed = "".join(f"{gap}{letter}" for gap, letter in zip(gaps, code, strict=True))
    headers = {"content-type": "application/x-www-form-urlencoded", "accept-language": language}
    form = encoded({"code": typed.lower() if small else typed})
    page = answered(verify_page, "springfield", request("POST", form, headers), world).body
    told = words.load(language, text_to_911=True)["real"]

    assert (told["yes"] in unescape(page)) == known
    assert "not from us" not in page
    assert "no es nuestro" not in page


problems = st.sampled_from([Busy(), Conflict(), ValueError(PHONE), Refused(400, PHONE), Refused(413, PHONE)])


@many
@given(problems, languages, st.sampled_from(["text/html", "*/*", ""]))
def test_whatever_goes_wrong_a_person_reads_a_page(tried, problem, language, accept):
    """A page in their language says what to do; nothing of the error is on it."""
    tried["trouble pages"] += 1

    def failing(name, sent, world):
        raise problem

    headers = {"accept-language": language.encode(errors="replace").decode(), "accept": accept}
    with logged() as lines:
        response = as_page(failing, "x", request("GET", headers=headers), lambda: None)
    spoken = re.search(r'<html lang="(\w\w)"', response.body)[1]
    kind = {400: "unreadable", 413: "unreadable"}.get(response.status_code, "later")

    assert is_html(response)
    assert response.status_code in (400, 413, 500, 503)
    assert words.load(spoken, text_to_911=False)["trouble"][kind] in unescape(response.body)
    assert PHONE not in response.body + lines.getvalue()


@many
@given(nasty, languages)
def test_the_bare_address(tried, host, language):
    tried["the bare address"] += 1
    page = answered(home_page, host, request(headers={"accept-language": language}), Doors(agency()))

    assert page.status_code == 200
