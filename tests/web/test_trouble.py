"""Where a citizen's page can't be shown or their form can't be taken, a page says what to do."""

import json

import pytest

import app
from chalicelib import words
from chalicelib.boundary import LARGEST_FORM, Refused, answering
from chalicelib.ports.errors import Busy
from chalicelib.web.pages import survey_page, unsubscribe_page, verify_page
from chalicelib.web.trouble import as_page
from tests.fuzz.doors import request

PAGES = (survey_page, unsubscribe_page, verify_page)


def failing(problem):
    def view(name, request, world):
        raise problem

    return view


def shown(problem, **headers):
    return as_page(failing(problem), "x", request("POST", headers=headers), _Nothing)


@pytest.mark.parametrize(
    ("problem", "status", "standing"),
    [
        (Busy(), 503, "later"),
        (Refused(503, "busy", **{"Retry-After": "2"}), 503, "later"),
        (Refused(413, "the body is larger than 64 KiB"), 413, "unreadable"),
        (Refused(400, "the form has more than 50 fields"), 400, "unreadable"),
        (Refused(403, "this form is answered on its own page only"), 403, "elsewhere"),
        (RuntimeError("+13035550123"), 500, "later"),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_person_reads_in_their_language_what_to_do(problem, status, standing, language):
    response = shown(problem, **{"accept-language": language})

    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert words.load(language, text_to_911=True)["trouble"][standing] in response.body
    assert f'<html lang="{language}">' in response.body
    assert "+1303" not in response.body


def test_a_busy_page_may_be_asked_again_soon():
    assert shown(Busy()).headers["Retry-After"] == "2"


def test_a_script_that_asks_for_json_gets_json():
    @answering
    def view():
        return shown(Busy(), accept="application/json")

    response = view()

    assert response.status_code == 503
    assert "error" in response.body


@pytest.mark.parametrize("page", PAGES)
def test_a_form_that_is_too_large_for_any_page_gets_a_page(page):
    form = b"a=" + b"b" * (LARGEST_FORM + 1)
    response = as_page(page, "springfield", request("POST", form), _Nothing)

    assert response.status_code == 413
    assert words.load("en", text_to_911=True)["trouble"]["title"] in response.body


class _Nothing:
    """A world in which nothing is known."""

    unsubscribe_secret = b"none"


@pytest.mark.parametrize("path", ["/", "/s/{token}", "/u/{token}", "/real/{agency_id}"])
def test_every_route_of_a_citizen_answers_so(path, monkeypatch):
    def busy():
        raise Busy

    monkeypatch.setattr(app, "world", busy)
    name = path.partition("{")[2].rstrip("}")
    event = {
        "multiValueQueryStringParameters": None,
        "headers": {},
        "pathParameters": {name: "x"} if name else None,
        "requestContext": {"httpMethod": "GET", "resourcePath": path},
        "stageVariables": None,
        "body": "",
        "isBase64Encoded": False,
    }
    answer = app.app(event, None)

    assert answer["statusCode"] in (500, 503)
    assert json.dumps(answer["headers"]).count("text/html") == 1
