"""Whatever somebody types into whichever field, no address, title, header or log has a phone or an email of it."""

import re
from html import unescape
from urllib.parse import unquote_plus

import pytest

from chalicelib.domain.desk.permissions import Role
from chalicelib.web.desk.assets import FOLDER
from chalicelib.web.desk.routes import ROUTES
from tests.factories import PHONE
from tests.web.desk.full import EMAIL, full_desk
from tests.web.desk.test_each_act import ACTS
from tests.web.desk.world import asked

POSTS = sorted(route.path.replace("{agency_id}", "springfield") for route in ROUTES if route.method == "POST")
FIELDS = sorted({name for page in FOLDER.glob("*.html") for name in re.findall(r'name="([a-z_]+)"', page.read_text())})
A_NUMBER = "=3035550123"
"""Behind `=` stands a call's number: digits alone may be one. Only the ledger's own filter takes its word for it."""

MESSAGE = "springfield/3035550123/outcome/1/0"
TYPED = (PHONE, "303-555-0123", "3035550123", "(303) 555 0123", EMAIL, A_NUMBER, MESSAGE)
"""A person of the city's, as forms and forged forms may have them."""

IN_ANY = ("303-555-0123", EMAIL)
"""What is typed into a field that the page may not know, and into each field of a draft's forms, which are long. The
other ways to write a person go into the fields that a form is known to have, and into all fields at once.
"""

PRIVATE = re.compile("303[^a-z0-9]*555[^a-z0-9]*0123|ana.ortiz")
HEADINGS = re.compile("<title>.*?</title>|<h1.*?</h1>", re.DOTALL)


@pytest.fixture
def full(monkeypatch):
    world = full_desk(monkeypatch)
    world.signed_in("watch", cookie="other", agencies=("springfield",), subject="mine")
    return world


def valid(world, path):
    """Return a form that the page takes, as far as one is known."""
    form = next((act.form for act in ACTS.values() if act.path == path), None)
    return form(world, "mine") if form else {"of": world.contacts.reference(PHONE).keyed_hash, "why": "complaint"}


def shown_of(answer):
    """Return what an answer says outside of the page's own text, which keeps what was typed in its form."""
    return unquote_plus(str(answer.headers)), unescape(" ".join(HEADINGS.findall(answer.body)))


def refuses_to_tell(world, path, form, caplog):
    world.signed_in(*Role, cookie="mine", agencies=("springfield",), subject="mine")
    answer = asked(world, "POST", path, cookie="mine", form=form)
    headers, headings = shown_of(answer)
    logged = " ".join(str(record.__dict__) for record in caplog.records)

    assert answer.status_code < 500, answer.body
    assert not PRIVATE.search(headers), form
    assert not PRIVATE.search(headings), form
    assert not PRIVATE.search(logged), form
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_pages_have_fields():
    assert {"number", "typed", "about", "reason", "ticket", "message", "code", "form"} <= {*FIELDS}


@pytest.mark.parametrize("path", POSTS)
def test_a_person_in_one_field_or_in_all_gets_into_no_address_title_or_log(full, path, caplog):
    full.signed_in(*Role, cookie="mine", agencies=("springfield",), subject="mine")
    form = valid(full, path)
    for typed in (one for one in TYPED if one != A_NUMBER or not path.endswith("/ledger")):
        known = set() if "/drafts" in path else {*form}
        for name in {*FIELDS, *form} if typed in IN_ANY else known:
            refuses_to_tell(full, path, {**form, name: typed}, caplog)
        refuses_to_tell(full, path, dict.fromkeys({*FIELDS, *form}, typed), caplog)
