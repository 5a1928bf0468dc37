"""Each page over DynamoDB: so many calls and so many units, whatever is stored."""

from datetime import timedelta
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.recent import SHARDS, days_back
from chalicelib.domain.people.reply import Reply
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.people.converse import begin
from chalicelib.flow.people.standing import MOST_CALLS
from chalicelib.insight.desk.lately import HOURS
from chalicelib.insight.records.person import export_person
from chalicelib.insight.records.subject import find_person
from chalicelib.web.desk import door
from chalicelib.web.desk.request import read_request
from rigs.meter import Meter
from tests.factories import PHONE, call, caller
from tests.flow.people.test_conversation import RULES, WATCHED
from tests.somebody import somebody
from tests.web.desk.conftest import sign_in
from tests.web.desk.world import HOST, request
from tests.whole.people import now

PAGES = {
    "/desk/{agency}": (2, 1, HOURS, 15),
    "/desk/{agency}/waiting": (2, 1, 0, 3),
    "/desk/{agency}/pause": (2, 0, 24, 15),
    "/desk/{agency}/resume": (2, 0, 0, 2),
    "/desk/{agency}/held": (2, 1, 0, 3),
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


MOST_OF_A_PERSON = 20
"""A person's page, or their calls at Find, reads so many calls at most: one query each."""

OF_A_PERSON = {"find": (2, 3, 24), "person": (2, 5, 0)}
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
