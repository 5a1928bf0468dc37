"""Find and Person by the desk's own function in the running city: its policy, its tables and its ledger."""

import json
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest

from chalicelib.aws.document import plain
from chalicelib.domain.approval import Author, digest
from chalicelib.domain.lake.answer_rows import answer_rows
from chalicelib.domain.lake.survey_columns import CommentRow
from chalicelib.domain.lake.tables import Day
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.surveys.survey import Answers, Survey
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.inbound.cad.rejected import Rejected
from chalicelib.insight.approval.approve import approve
from chalicelib.insight.approval.ledger import what_waits
from chalicelib.web.desk import cookies
from tests.factories import PHONE, call, caller
from tests.somebody import somebody
from tests.web.desk.conftest import sign_in
from tests.whole.people import now

SECOND = Author("desk:id.example:second", "Ben Chief")


class Browser:
    """A browser without pages: it has one cookie, and sends forms as from the desk's own page."""

    def __init__(self, api, cookie, agency_id) -> None:
        self._at, self._cookie, self._agency_id = urlsplit(api), cookie, agency_id

    def ask(self, method, page, given):
        """Return status, headers and body of a page's answer; a form's answer is followed."""
        path, text = f"{self._at.path}/desk/{self._agency_id}/{page}", urlencode(given)
        headers = {"Cookie": f"{cookies.SESSION}={self._cookie}", "Sec-Fetch-Site": "same-origin"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection(self._at.netloc)
        if method == "POST":
            connection.request("POST", path, text, headers)
        else:
            connection.request("GET", f"{path}?{text}", headers=headers)
        answer = connection.getresponse()
        told = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
        connection.close()
        return told

    def press(self, page, **form):
        """Send a form."""
        return self.ask("POST", page, {"why": "complaint", **form})


@pytest.fixture
def person(inside, agency):
    """Return the keyed hash of whoever is on all calls of the test's agency."""
    return inside.aws.contacts.reference(PHONE)


@pytest.fixture
def desk(stack, inside, agency):
    """Return a browser in which somebody with every role is signed in."""
    cookie = uuid4().hex
    sign_in(inside, cookie, signed_in_at=now())
    return Browser(stack.api, cookie, agency.agency_id)


@pytest.fixture
def second(stack, inside, agency):
    """Return the browser of somebody else, with every role too."""
    cookie = uuid4().hex
    sign_in(inside, cookie, signed_in_at=now())
    return Browser(stack.api, cookie, agency.agency_id)


def noted(inside, agency):
    return [one.what for one in inside.aws.ledger.noted(agency.agency_id, now().replace(year=2020), now())]


def test_a_phone_leads_to_the_person_and_each_act_is_done_by_the_function_s_own_policy(inside, agency, desk, person):
    status, headers, body = desk.press("find", typed="303-555-0123")
    assert status == 303, body
    given = dict(pair.split("=") for pair in urlsplit(headers["location"]).query.split("&"))
    found = desk.ask("GET", "find", {**given, "since": "", "until": ""})
    shown = desk.ask("GET", "person", {"of": person.keyed_hash, "why": "complaint"})
    of = {"of": person.keyed_hash}
    done = {name: desk.press(f"person-{name}", **of) for name in ("silence", "protect", "opt-out", "reveal", "hold")}
    kept = inside.aws.contacts.kept(agency.agency_id, person, now().date(), now())

    assert (status, given["of"]) == (303, person.keyed_hash)
    assert (found[0], shown[0]) == (200, 200)
    assert ">D1</a>" in found[2]
    assert PHONE not in found[2] + shown[2]
    assert {name: one[0] for name, one in done.items()} == dict.fromkeys(done, 200)
    assert PHONE in done["reveal"][2]
    assert "25 calls are held, 15 are left" in done["hold"][2]
    assert kept.by_hand
    assert kept.contact.opted_out == "all"
    assert {"searched", "looked", "silenced", "protected", "opted_out", "revealed", "held", "looked_protected"} <= set(
        noted(inside, agency)
    )


def test_an_export_and_a_proposal_work_there_too(inside, agency, desk, person):
    of = {"of": person.keyed_hash}
    desk.press("person-opt-out", **of)
    status, headers, body = desk.press("person-export", **of)
    waits = desk.press("person-opt-in", **of, form="26-104", dated="2026-01-02")
    (one,) = [one for one in what_waits(inside.aws, agency.agency_id, now()) if one.act.what == "opt_in"]
    approve(inside.aws, one, SECOND, now())

    assert (status, waits[0]) == (200, 200)
    assert headers["content-disposition"] == f'attachment; filename="person-{person.keyed_hash[:12]}.json"'
    told = json.loads(body)
    assert told["address"] == PHONE
    assert len(told["incidents"]) == 40
    assert inside.aws.contacts.load(agency.agency_id, person, now().date()).opted_out is None


def test_who_is_erased_is_in_nothing_that_the_desk_keeps_and_the_ledger_says_that_it_was_done(
    stack, inside, agency, desk, second
):
    for _ in range(2):  # compaction may take what has landed before the desk finds it: hardly twice
        erased_at_the_desk(inside, agency, desk, second)


def erased_at_the_desk(inside, agency, desk, second):
    phone, words = somebody(), f"It was Quill {uuid4().hex[:6]} who called."
    told = call("NOISE", {"1": caller(phone)}, now(), incident_number=f"E{uuid4().hex[:6]}")
    receive_updates([told], told.update_id, agency, inside.aws, now())
    refused = (Rejected(0, told.incident_number, "not taken"), {"reporting_parties": [{"phone": phone}]})
    inside.aws.rejects.keep(agency.agency_id, told.incident_number, now(), [refused], lambda _: None)
    of = inside.aws.contacts.reference(phone).keyed_hash
    looked_for = desk.press("find", typed=phone)
    before = desk.ask("GET", "person", {"of": of, "why": "complaint"})
    desk.press("person-export", of=of)
    proposed = desk.press("person-erase", of=of)
    (waits,) = [one for one in what_waits(inside.aws, agency.agency_id, now()) if one.act.what == "erase"]
    survey, day = answered(inside, agency.agency_id, told.incident_number, words)
    own = desk.press("approvals", digest=digest(waits.act), address=phone)
    unnamed = second.press("approvals", digest=digest(waits.act), address="")
    approved = second.press("approvals", digest=digest(waits.act), address=phone)
    after = desk.ask("GET", "person", {"of": of, "why": "complaint"})
    found = desk.ask("GET", "find", {"of": of, "why": "complaint"})

    assert (looked_for[0], before[0], proposed[0], after[0]) == (303, 200, 200, 404)
    assert (own[0], unnamed[0], approved[0]) == (409, 409, 303), approved
    assert told.incident_number in before[2]
    assert told.incident_number not in found[2]
    for table in ("Ledger", "Sessions", "Contacts", "Incidents", "Surveys"):
        assert not any(one in everything_in(inside, table) for one in (phone.lstrip("+")[-10:], words)), table
    assert inside.aws.surveys.load(survey) is None
    inside.compact()
    assert words not in [one.comment for one in inside.aws.lake.read_day("comments", day).rows]
    steps = [one.step for one in inside.aws.ledger.since(agency.agency_id, waits.at) if one.act == waits.act]
    assert steps == ["approved", "done", "proposed"]


def answered(inside, agency_id, number, words):
    """Store what somebody answered an hour ago, in the table, in the lake and on its way there; return name and day."""
    record = inside.aws.incidents.load(IncidentKey(agency_id, number))
    asked_at, row = now() - timedelta(hours=1), next(iter(record.rows.values()))
    survey = Survey(
        token_hash=token_hash(survey_token(inside.aws.survey_secret, row.key)),
        agency_id=agency_id,
        notification=row.key,
        settings_version=1,
        asked_at=asked_at,
        expires_at=now() + timedelta(days=1),
        keep_until=now() + timedelta(days=1),
        answered_at=asked_at,
        changed_at=asked_at,
        answers=Answers(comments={"comment": words}),
    )
    inside.aws.surveys._item(survey).save()
    comments = [one for one in answer_rows(survey, None, ()) if isinstance(one, CommentRow)]
    day, lake = comments[0].dt, inside.aws.lake
    joined(comments, day, inside.aws)
    lake.land(uuid4().hex, "comments", day, comments)
    return survey.token_hash, day


@again_on_conflict()
def joined(comments, day, ports):
    known = ports.lake.read_day("comments", day)
    ports.lake.write_day("comments", day, Day((*known.rows, *comments), known.tag))


def everything_in(inside, table):
    """Return all that a table holds, as text, with its documents unpacked."""
    pages = inside.client("dynamodb").get_paginator("scan").paginate(TableName=inside.outputs[table])
    items = [item for page in pages for item in page["Items"]]
    return "".join(str(item) + plain(item.get("document", {}).get("S", "")).decode() for item in items)


def test_a_second_press_goes_on_where_the_first_hold_ended(inside, agency, desk, person):
    of = {"of": person.keyed_hash}
    for _ in range(2):
        done = desk.press("person-hold", **of)

    assert "Done: held, with 40 calls" in done[2]


def test_a_hold_keeps_what_somebody_answered_too(inside, agency, desk):
    phone, number = somebody(), f"H{uuid4().hex[:6]}"
    told = call("NOISE", {"1": caller(phone)}, now(), incident_number=number)
    receive_updates([told], told.update_id, agency, inside.aws, now())
    survey, _ = answered(inside, agency.agency_id, number, "they were kind")
    done = desk.press("person-hold", of=inside.aws.contacts.reference(phone).keyed_hash)

    assert done[0] == 200
    assert inside.aws.surveys.load(survey).keep_until is None
