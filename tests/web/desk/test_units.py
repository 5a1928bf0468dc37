"""Each page over DynamoDB: so many calls and so many units, whatever is stored."""

from datetime import timedelta
from random import choices
from string import ascii_lowercase
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.judging import Draft
from chalicelib.domain.desk.recent import SHARDS, days_back
from chalicelib.domain.desk.unjudged import Heard
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.people.reply import Reply
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.people.converse import begin
from chalicelib.flow.people.standing import MOST_CALLS
from chalicelib.insight.desk.lately import HOURS
from chalicelib.insight.drafts.write import begin as begin_draft
from chalicelib.insight.records.person import export_person
from chalicelib.insight.records.subject import find_person
from chalicelib.insight.surveys.follow_ups import MOST
from chalicelib.web.desk import door
from chalicelib.web.desk.request import read_request
from rigs.meter import Meter
from tests.aws.test_surveys import follow_up
from tests.factories import PHONE, call, caller
from tests.flow.people.test_conversation import RULES, WATCHED
from tests.somebody import somebody
from tests.web.desk.conftest import sign_in
from tests.web.desk.world import HOST, request
from tests.whole.people import now

pytestmark = pytest.mark.usefixtures("remembers")

PAGES = {
    "/desk/{agency}": (2, 2, HOURS, 16),
    "/desk/{agency}/waiting": (2, 1, 0, 3),
    "/desk/{agency}/pause": (2, 0, 24, 15),
    "/desk/{agency}/resume": (2, 0, 0, 2),
    "/desk/{agency}/held": (2, 2, 0, 4),
    "/desk/{agency}/approvals": (2, 1, 0, 3),
    "/desk/{agency}/incident": (2, 0, 0, 2),
    "/desk/{agency}/find": (2, 0, 0, 2),
    "/desk/{agency}/find?kind=call": (2, 0, 24, 15),
    "/desk/{agency}/conversations": (2, 2, 0, 6),
    "/desk/{agency}/judge": (2, 2, 0, 20),
    "/desk/{agency}/judge/review": (2, 2, 0, 20),
    "/desk/{agency}/drafts": (2, 2, 0, 6),
    "/desk/{agency}/settings": (5, 1, 0, 25),
    "/desk/{agency}/settings/file": (3, 0, 0, 12),
    "/desk/{agency}/settings/compare": (5, 0, 0, 16),
    "/desk/sessions": (2, 1, 0, 3),
    "/desk/{agency}/waits": (2, 1, 0, 3),
    "/desk/{agency}/wall": (2, 1, HOURS, 15),
    "/desk/{agency}/wall-board": (2, 1, 0, 3),
    "/desk/{agency}/wall-hours": (1, 0, HOURS, 13),
    "/desk/{agency}/feeds": (2, 3, 0, 4),
    "/desk/{agency}/feeds-live": (1, 1, 0, 2),
    "/desk/{agency}/sessions": (1, 1, 0, 3),
    "/desk/{agency}/follow-ups": (2, 1, 0, 3),
    "/desk/{agency}/allegations": (2, 1, 0, 3),
    "/desk/{agency}/follow-ups?show=closed": (2, 1, 0, 3),
    "/desk/{agency}/alerts": (2, 1, 0, 3),
    "/desk/{agency}/thanks": (2, 1, 0, 3),
    "/desk/{agency}/cards": (2, 0, 0, 2),
    "/desk/{agency}/comments": (2, 2, 0, 4),
    "/desk/{agency}/going-live": (3, 2, 0, 6),
    "/desk/{agency}/shadow": (3, 1, 0, 5),
    "/desk/{agency}/shadow/result": (3, 1, 0, 5),
    "/desk/{agency}/results": (2, 1, 0, 3),
    "/desk/{agency}/report": (2, 2, 0, 4),
}
"""How often each page gets an item and queries, the hours of the index that it reads, and its read units at most.

Each day in UTC that these hours touch is four queries. The container knows the settings by then.
"""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_so_many_calls_and_units(inside, agency, page):
    meter, cookie = Meter(), uuid4().hex
    meter.listen(inside.aws.connection.client)
    sign_in(inside, cookie, **({"wall": True, "wall_at": agency.agency_id} if "/wall" in page else {}))
    path, _, query = page.replace("{agency}", agency.agency_id).partition("?")
    given = read_request(request("GET", path, cookie=cookie, query=dict(parse_qsl(query))), HOST)
    door.visited(given, inside.aws)
    with meter.step(page):
        answer = door.visited(given, inside.aws)

    gets, queries, hours, units = PAGES[page]
    queries += SHARDS * len(list(days_back(now() - timedelta(hours=hours), now()))) if hours else 0
    used = meter.steps[page]
    assert answer.status == 200
    assert dict(used.calls) == {name: many for name, many in (("GetItem", gets), ("Query", queries)) if many}
    assert used.read_units <= units
    assert used.write_units == 0


OF_A_DRAFT = {
    "edit": (5, 0, 12),
    "review": (6, 1, 16),
    "words": (5, 0, 12),
    "rules": (5, 0, 12),
    "questions": (5, 0, 12),
    "cities": (5, 0, 12),
    "week": (4, 1, 12),
}
"""How often each page of a draft gets an item and queries, and its read units at most: a text of settings is a few."""


@pytest.mark.parametrize("page", OF_A_DRAFT)
def test_a_page_of_a_draft_takes_so_many_calls_and_units(inside, agency, page):
    meter, cookie, name = Meter(), uuid4().hex, "".join(choices(ascii_lowercase, k=10))
    meter.listen(inside.aws.connection.client)
    sign_in(inside, cookie)
    begin_draft(inside.aws, agency, name, "a change", Author("desk:id.example:ana", "Ana"), now())
    path = f"/desk/{agency.agency_id}/drafts/{page}"
    given = read_request(request("GET", path, cookie=cookie, query={"id": name}), HOST)
    door.visited(given, inside.aws)
    with meter.step(page):
        answer = door.visited(given, inside.aws)

    gets, queries, units = OF_A_DRAFT[page]
    used = meter.steps[page]
    assert answer.status == 200
    assert dict(used.calls) == {name: many for name, many in (("GetItem", gets), ("Query", queries)) if many}
    assert used.read_units <= units
    assert used.write_units == 0


MOST_VALUES = 1_000
JUDGING_AT_ITS_MOST = 120
"""Read units of a page of Judge or Review where as many values are kept as ever are, each with a draft of somebody."""


def test_a_page_of_judging_has_a_most_that_no_dispatch_system_exceeds(inside, agency):
    numbers = replace(agency.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    ours = replace(agency, agency_id=f"j{uuid4().hex[:8]}", numbers=numbers)
    ours = inside.aws.settings.publish(ours, "test", "a thousand words", now())
    values = [Evidence("incident_type", f"T{number:04}", f"A type of number {number}") for number in range(1_200)]
    inside.aws.judging.came(ours.agency_id, [Heard(one, ("D1", "D2")) for one in values[:MOST_VALUES]], "one", now())
    for one in values[:MOST_VALUES]:
        told = Draft(item=one, verdict="dull", meaning=one.text, judge=Author("desk:id.example:ana", "Ana"), at=now())
        inside.aws.judging.draft(ours.agency_id, told)
    before = judging_costs(inside, ours.agency_id)
    inside.aws.judging.came(ours.agency_id, [Heard(one, ("D1", "D2")) for one in values], "another", now())
    after = judging_costs(inside, ours.agency_id)

    assert len(inside.aws.judging.values(ours.agency_id)) == MOST_VALUES
    assert [used.calls for used in after] == [used.calls for used in before]
    for used in after:
        assert used.calls["GetItem"] == 2
        assert used.calls["Query"] == 2
        assert used.read_units <= JUDGING_AT_ITS_MOST


def judging_costs(inside, agency_id):
    """Return what the first and the last screen of Judge took, and Review."""
    meter, cookie = Meter(), uuid4().hex
    meter.listen(inside.aws.connection.client)
    sign_in(inside, cookie)
    for page, after in (("judge", ""), ("judge", "1-0"), ("judge/review", "")):
        given = read_request(request("GET", f"/desk/{agency_id}/{page}", cookie=cookie, query={"after": after}), HOST)
        door.visited(given, inside.aws)
        with meter.step(f"{page} {after}"):
            assert door.visited(given, inside.aws).status == 200
    return list(meter.steps.values())


MOST_OF_A_PERSON = 20
"""A person's page, or their calls at Find, reads so many calls at most: one query each."""

OF_A_PERSON = {"find": (2, 3, 24), "person": (3, 5, 0)}
"""Of each page about a person: gets, queries beside those of the calls, and the hours of the index that it reads."""


@pytest.mark.parametrize("page", OF_A_PERSON)
@pytest.mark.parametrize("many", [1, 30])
def test_a_page_about_a_person_reads_so_many_of_their_calls_and_no_more(inside, agency, page, many):
    phone, cookie = somebody(), uuid4().hex
    for number in range(many):
        at = now() - timedelta(minutes=number)
        told = call("NOISE", {"1": caller(phone)}, at, incident_number=f"{uuid4().hex[:6]}-{number}")
        receive_updates([told], told.update_id, agency, inside.aws, at)
    sign_in(inside, cookie)
    query = {"of": inside.aws.contacts.reference(phone).keyed_hash, "why": "complaint"}
    given = read_request(request("GET", f"/desk/{agency.agency_id}/{page}", cookie=cookie, query=query), HOST)
    door.visited(given, inside.aws)
    meter = Meter()
    meter.listen(inside.aws.connection.client)
    with meter.step(page):
        answer = door.visited(given, inside.aws)

    gets, queries, hours = OF_A_PERSON[page]
    calls, used = min(many, MOST_OF_A_PERSON), dict(meter.steps[page].calls)
    days = SHARDS * len(list(days_back(now() - timedelta(hours=hours), now()))) if hours else 0
    assert answer.status == 200
    assert used == {"GetItem": gets, "Query": queries + calls + days, "TransactWriteItems": 1}


def test_a_look_at_somebody_protected_and_a_search_that_finds_nobody_take_what_others_take(inside, agency):
    phone, cookie, meter = somebody(), uuid4().hex, Meter()
    told = call("NOISE", {"1": caller(phone)}, now(), incident_number=f"{uuid4().hex[:6]}-1", beat="B9")
    receive_updates([told], told.update_id, agency, inside.aws, now())
    sign_in(inside, cookie)
    person = inside.aws.contacts.reference(phone)
    meter.listen(inside.aws.connection.client)

    def used(step, method="GET", path="find", **fields):
        fields |= {"why": "complaint"}
        asks = {"query": fields} if method == "GET" else {"form": fields}
        given = read_request(request(method, f"/desk/{agency.agency_id}/{path}", cookie=cookie, **asks), HOST)
        door.visited(given, inside.aws)
        with meter.step(step):
            status = door.visited(given, inside.aws).status
        return status, dict(meter.steps[step].calls), meter.steps[step].read_units

    found = used("any", of=person.keyed_hash)
    inside.aws.contacts.protected.put(agency.agency_id, person, "R. Lead", now())
    protected = used("protected", of=person.keyed_hash)
    here = used("typed", "POST", typed=phone[2:5] + "-" + phone[5:8] + "-" + phone[8:])
    nobody = used("typed nobody", "POST", typed="303-555-0188")
    digits = used("digits elsewhere", "POST", typed=phone[-4:], beat="B8")
    none = used("digits of nobody", "POST", typed="0000", beat="B8")

    assert found == protected
    assert here == nobody
    assert digits == none
    assert [one[0] for one in (found, here, digits)] == [200, 303, 200]


@pytest.mark.parametrize("many", [3, 45])
def test_a_desk_s_list_reads_what_it_shows_and_not_what_somebody_saw_to(inside, agency, many):
    name, meter, cookie = agency.agency_id, Meter(), uuid4().hex
    kept = [follow_up(name, id=f"{number:012x}") for number in range(many)]
    for number, one in enumerate((*kept, *(follow_up(name, id=f"seen{number}") for number in range(30)))):
        inside.aws.follow_ups.keep(one, now() + timedelta(days=1))
        if number >= many:
            inside.aws.follow_ups.answer(name, Desk.SUPERVISORS, one.id, now(), "x", "spoke with the person")
    sign_in(inside, cookie)
    given = read_request(request("GET", f"/desk/{name}/follow-ups", cookie=cookie), HOST)
    door.visited(given, inside.aws)
    meter.listen(inside.aws.connection.client)
    with meter.step("list"):
        answer = door.visited(given, inside.aws)
    for one in kept:
        inside.aws.follow_ups.withdraw(name, Desk.SUPERVISORS, one.id)

    shown = min(many, MOST)
    assert answer.body.count("data-key") == shown
    assert dict(meter.steps["list"].calls) == {"GetItem": 2 + shown, "Query": 1}
    assert meter.steps["list"].read_units <= 5 + shown + many / 10
    assert meter.steps["list"].write_units == 0


AN_EXPORT_TAKES = 4
"""Reads for each call of a person: the call, and the survey of each message. 200 calls take 800 reads, some seconds."""


def test_an_export_and_an_erasure_s_check_read_so_much_for_each_call(inside, agency):
    phone, many = somebody(), 12
    for number in range(many):
        at = now() - timedelta(minutes=number)
        told = call("NOISE", {"1": caller(phone)}, at, incident_number=f"{uuid4().hex[:6]}-{number}")
        receive_updates([told], told.update_id, agency, inside.aws, at)
    person = find_person(inside.aws, agency, phone)
    meter = Meter()
    meter.listen(inside.aws.connection.client)
    with meter.step("export"):
        told = export_person(inside.aws, person)

    calls = sum(meter.steps["export"].calls.values())
    assert len(told["incidents"]) == many
    assert calls <= AN_EXPORT_TAKES * many + 8


def test_a_thread_costs_its_own_replies_and_calls_whatever_others_wrote(inside, agency):
    meter, cookie = Meter(), uuid4().hex
    meter.listen(inside.aws.connection.client)
    sign_in(inside, cookie)
    rules = replace(agency, conversation=RULES, watchers=WATCHED)
    keyed_hash = inside.aws.contacts.reference(PHONE).keyed_hash
    for number in range(30):
        phone = PHONE if number < 2 else f"+1303555{1000 + number}"
        at = now() - timedelta(minutes=number)
        told = Reply(sender=phone, number=agency.numbers.sms_from, body="hello", at=at, message_id=uuid4().hex)
        inside.aws.contacts.keep_reply(agency.agency_id, told, at + timedelta(days=90))
        begin(told, rules, inside.aws, at + timedelta(days=90), danger=False)
    path = f"/desk/{agency.agency_id}/conversation"
    given = read_request(request("GET", path, cookie=cookie, query={"with": keyed_hash}), HOST)
    door.visited(given, inside.aws)
    with meter.step("thread"):
        answer = door.visited(given, inside.aws)

    used = meter.steps["thread"]
    assert answer.status == 200
    assert answer.body.count("They wrote") == 2
    assert used.calls["GetItem"] == 2 + 2
    assert used.calls["Query"] <= 6 + MOST_CALLS
    assert used.calls["TransactWriteItems"] == 1
    assert "Scan" not in used.calls
    assert used.read_units <= 40
    assert used.write_units <= 10
