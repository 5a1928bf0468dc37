"""Erasing a person at the desk by two people, with the rights of the desk's own function: nothing of them is left."""

import gzip
from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.document import plain
from chalicelib.domain.approval import digest
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.ledger.what import What
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.domain.surveys.token import token_hash
from chalicelib.insight.approval.ledger import what_waits
from tests.waiting import wait_until
from tests.web.desk.conftest import sign_in
from tests.web.desk.test_person_in_the_city import Browser
from tests.whole.people import LINK, acknowledged, now, web
from tests.whole.test_records import refused

pytestmark = pytest.mark.whole

WORDS = f"It was my sister Quill {uuid4().hex[:6]} who called."
SAID = f"Tell Quill {uuid4().hex[:6]} it is over"
TABLES = ("Incidents", "Contacts", "Surveys", "Settings", "Ledger", "Sessions")
BUCKETS = ("Lake", "LedgerCopies")


@pytest.fixture
def two(stack, inside):
    """Return two people of records, each signed in a moment ago."""
    cookies = [uuid4().hex, uuid4().hex]
    for cookie in cookies:
        sign_in(inside, cookie, groups={"cognito:groups": (Role.RECORDS.value,)}, signed_in_at=now())
    return [Browser(stack.api, cookie, "springfield") for cookie in cookies]


def answered(inside, caller):
    """Let a caller answer their survey in words, an hour ago; return the survey's name."""
    caller.tell(arrived_at=now(), closed_at=now(), dispositions=["HAN"])
    link = LINK.search(caller.hears("/s/")["body"])[0]
    assert web.post(link, data={"overall": "1", "comment": WORDS}).status_code == 200
    name = token_hash(link.rpartition("/")[2])
    assert wait_until(lambda: inside.aws.surveys.load(name).answered_at)
    survey, before = inside.aws.surveys.load(name), now() - timedelta(hours=1)
    inside.aws.surveys.put(replace(survey, answered_at=before, changed_at=before))
    return name


def everything(inside):
    """Return all that the tables and the buckets hold, by their names, as text."""
    database, storage = inside.client("dynamodb"), inside.client("s3")
    found = {}
    for table in TABLES:
        pages = database.get_paginator("scan").paginate(TableName=inside.outputs[table])
        items = [item for page in pages for item in page["Items"]]
        found[table] = "".join(f"{item}{plain(item.get('document', {}).get('S', '')).decode()}" for item in items)
    for bucket in BUCKETS:
        pages = storage.get_paginator("list_objects_v2").paginate(Bucket=inside.outputs[bucket])
        for item in (item for page in pages for item in page.get("Contents", ())):
            body = storage.get_object(Bucket=inside.outputs[bucket], Key=item["Key"])["Body"].read()
            text = gzip.decompress(body) if item["Key"].endswith(".gz") else body
            found[f"{bucket}/{item['Key']}"] = item["Key"] + text.decode()
    return found


def holding(inside, *words):
    """Return where any of the words stand."""
    return sorted(name for name, text in everything(inside).items() if any(word in text for word in words))


def waits_for(inside, of):
    (one,) = [one for one in what_waits(inside.aws, "springfield", now()) if one.act.of == of]
    return one


def test_two_people_at_the_desk_erase_a_person_and_only_the_ledger_says_that_they_did(stack, inside, two):
    caller, (lead, second) = acknowledged(stack), two
    assert refused(inside, caller)
    caller.says(SAID)
    survey, of = answered(inside, caller), inside.aws.contacts.reference(caller.phone).keyed_hash
    theirs = (caller.phone.lstrip("+")[-10:], WORDS, SAID)

    def is_in_the_lake():
        inside.compact()
        return any(name.startswith("Lake/lake/comments/") for name in holding(inside, WORDS))

    assert wait_until(is_in_the_lake, every=2)
    assert wait_until(lambda: any(one.keyed_hash == of for one in inside.aws.contacts.replies("springfield")))
    assert {"Incidents", "Surveys", "Contacts"} <= set(holding(inside, *theirs))

    assert lead.press("find", typed=caller.phone)[0] == 303
    proposed = lead.press("person-erase", of=of)
    one = waits_for(inside, of)
    name = digest(one.act)
    own = lead.press("approvals", digest=name, address=caller.phone)
    listed = second.ask("GET", "approvals", {})
    unnamed = second.press("approvals", digest=name, address="")
    kept = inside.aws.surveys.load(survey)
    approved = second.press("approvals", digest=name, address=caller.phone)

    assert (proposed[0], listed[0], own[0], unnamed[0], approved[0]) == (200, 200, 409, 409, 303), approved
    assert name in listed[2]
    assert caller.phone not in listed[2] + proposed[2]
    assert kept
    inside.compact()
    assert holding(inside, *theirs) == []
    assert inside.aws.surveys.load(survey) is None
    assert [each for each in Desk for each in inside.aws.follow_ups.of("springfield", each) if WORDS in str(each)] == []
    assert inside.aws.contacts.incidents_of("springfield", caller.phone) == ()
    assert second.ask("GET", "person", {"of": of, "why": "complaint"})[0] == 404
    assert inside.aws.incidents.load(IncidentKey("springfield", caller.number)).incident.facts.dispositions == ("HAN",)
    steps = [each.step for each in inside.aws.ledger.since("springfield", one.at) if each.digest == name]
    assert sorted(steps) == ["approved", "done", "proposed"]
    noted = inside.aws.ledger.noted("springfield", one.at, now())
    assert [each.what for each in noted if of[:12] in each.about].count(What.ERASED) == 1
