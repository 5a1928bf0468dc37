"""`?check=1` answers what would be understood, and stores nothing: docs/vendor/webhook.md."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.boundary import answering
from chalicelib.web.webhooks import receive
from tenfour.common.paths import ROOT
from tests.factories import agency
from tests.fuzz.doors import Doors, is_described, request, signed
from tests.fuzz.test_parsers import UPDATE
from tests.fuzz.test_parsers import updates as odd

NOW = datetime.now(UTC).replace(microsecond=0)
AT = NOW.isoformat()
MAPS = ROOT / "tests" / "mappings"


class Published:
    """The port that has an agency's mappings."""

    def __init__(self, **texts):
        self.texts = texts

    def text(self, _agency_id, name):
        return self.texts.get(name)


class World(Doors):
    """A world whose writes are counted."""

    def __init__(self, **mappings):
        super().__init__(agency())
        self.mappings = Published(**mappings)
        self.queue.now = NOW
        self.before = self.stored()

    def stored(self):
        heard = (self.settings.heard_at, self.settings.feed("springfield"))
        return repr(
            (heard, vars(self.incidents), self.rejects.kept, self.signatures.used, vars(self.contacts)["_known"])
        )


def checked(*updates, world=None, body=None, feed="cad", query=None, headers=None):
    world = world or World()
    body = json.dumps({"updates": list(updates)}).encode() if body is None else body
    asked = request("POST", body, signed(body, headers), {"check": "1", **(query or {})})
    answer = answering(receive)("springfield", feed, asked, world)
    assert world.stored() == world.before
    assert is_described(receive, "POST", answer), answer.status_code
    return answer


def told(**fields):
    return {"incident_number": "P26-1", "as_of": AT, **fields}


def first(answer):
    return answer.body["updates"][0]


def fields(answer):
    return {line["field"]: line for line in first(answer)["understood"]}


def test_a_time_is_shown_in_utc_and_in_the_agency_s_own():
    answer = checked(told(received_at="2026-11-21T10:00:00-07:00"))

    line = fields(answer)["received_at"]
    assert (line["value"], line["local"]) == ("2026-11-21T17:00:00Z", "2026-11-21 10:00:00 MST")
    assert (answer.status_code, answer.body["would_answer"], answer.body["stored"]) == (200, 202, False)


def test_the_id_of_a_call_is_shown_with_and_without_a_number():
    assert fields(checked(told(incident_id="CAD-77")))["incident_id"]["value"] == "CAD-77"
    without = checked({"incident_id": "CAD-77", "as_of": AT})
    assert (fields(without)["incident_id"]["value"], first(without)["incident_number"]) == ("CAD-77", "")
    assert "incident_id" not in fields(checked(told()))


def test_phones_and_emails_are_masked_wherever_they_stand():
    party = {"party_id": "1", "phone": "(303) 555-0123", "email": "ann@example.org"}
    answer = checked(told(reporting_parties=[party], incident_type_description="call 303-555-0199, bob@example.org"))

    assert fields(answer)["reporting_parties[0].phone"]["value"] == "•••23"
    written = json.dumps(answer.body)
    assert not [word for word in ("3035550123", "555-0123", "555-01", "ann@", "bob@") if word in written]


@pytest.mark.parametrize(
    ("phone", "note"), [("303-555-0123 x4", "extension"), ("911-555-0123", "handset"), ("Redacted", "blacked out")]
)
def test_a_phone_that_cannot_be_texted_says_why(phone, note):
    assert (
        note
        in fields(checked(told(reporting_parties=[{"party_id": "1", "phone": phone}])))["reporting_parties[0].phone"][
            "note"
        ]
    )


def test_of_what_is_ignored_only_the_name_is_there():
    secret = "Ann Nobody, 1 Main St"
    party = {"party_id": "1", "name": secret}
    answer = checked(told(caller=secret, reporting_parties=[party], units=[{"unit": "1", "driver": secret}]))

    assert set(first(answer)["ignored"]) == {"caller", "reporting_parties[].name", "units[].driver"}
    assert secret not in json.dumps(answer.body)


def test_a_name_that_is_a_phone_is_not_written_out():
    answer = checked(told(**{"303-555-0123": 1, "ann@example.org": 2, "x" * 500: 3}))

    assert not [word for word in ("555-01", "ann@", "x" * 61) if word in json.dumps(answer.body)]


def test_nulls_are_named_and_the_answer_says_what_it_cannot_know():
    answer = checked(told(arrived_at=None, dispositions=[], reporting_parties=[{"party_id": "1", "phone": None}]))

    assert set(first(answer)["takes_back"]) == {"arrived_at", "dispositions", "reporting_parties[0].phone"}
    assert any("null" in line for line in answer.body["not_known_here"])


def test_what_texts_depend_on_and_nobody_says_is_missing():
    everything = told(
        incident_type="NOISE",
        **dict.fromkeys(("received_at", "arrived_at", "closed_at"), AT),
        dispositions=["HAN"],
        reporting_parties=[{"party_id": "1", "phone": "303-555-0123"}],
    )

    assert checked(everything).body["missing"] == ()
    names = [one["field"] for one in checked(told(reporting_parties=[{"party_id": "1"}])).body["missing"]]
    assert names == [
        "received_at",
        "incident_type",
        "arrived_at",
        "closed_at",
        "dispositions",
        "reporting_parties[].phone",
    ]
    assert [one["field"] for one in checked(told(), feed="rms").body["missing"]] == [
        "case_numbers",
        "reporting_parties",
    ]


def test_a_rejected_update_is_named_with_its_reason_and_what_would_hold():
    answer = checked(told(), told(as_of="yesterday", juvenile=True, incident_type="DV"))

    assert answer.body["would_answer"] == 202
    rejected = answer.body["updates"][1]
    assert rejected["rejected"].startswith("updates[1].as_of: ")
    assert "juvenile" in rejected["notes"][0]


def test_notes_say_what_a_feed_s_alarms_would():
    notes = " ".join(
        first(checked(told(as_of=(NOW - timedelta(hours=1)).isoformat(), incident_type="NOSUCH")))["notes"]
    )

    assert "does not list it" in notes
    assert "5 minutes ago" in notes


def test_every_word_about_the_nature_is_shown():
    assert {"NOISE", "ZZ"} <= set(first(checked(told(incident_type=["NOISE", "ZZ"])))["judged"])


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b'{"updates": []}', 422), (b"\xff\xfe{\0}\0", 400)])
def test_what_could_not_be_read_at_all_says_so(body, status):
    answer = checked(body=body)

    assert (answer.status_code, answer.body["would_answer"]) == (200, status)
    assert answer.body["error"]


def test_a_check_may_be_compressed():
    assert checked(body=gzip.compress(b'{"updates": [{}]}'), headers={"content-encoding": "gzip"}).status_code == 200


@pytest.mark.parametrize("value", ["0", "", "yes", "true"])
def test_any_other_value_is_refused_rather_than_stored(value):
    assert checked(told(), query={"check": value}).status_code == 400


def test_only_a_key_of_the_agency_may_check():
    body = b'{"updates": []}'
    headers = {"content-type": "application/json"}

    answer = answering(receive)("springfield", "cad", request("POST", body, headers, {"check": "1"}), World())

    assert answer.status_code == 401


def by_mapping(name, sample, sent_as):
    world = World(theirs=(MAPS / f"{name}.toml").read_text())
    body = (MAPS / sample).read_bytes()
    return checked(world=world, body=body, query={"mapping": "theirs"}, headers={"content-type": sent_as})


def test_a_mapped_post_names_the_place_of_each_field_and_what_is_ignored():
    answer = by_mapping("nested", "nested.json", "application/json")

    assert answer.body["would_answer"] == 202
    assert {"payload.sent", "payload.calls[].people.callers[].name"} <= answer.body["ignored"].keys()
    line = next(one for one in first(answer)["understood"] if one["field"] == "incident_type")
    assert line["from"]


@pytest.mark.parametrize(
    ("name", "sample", "sent_as"),
    [
        ("elements", "elements.xml", "text/xml"),
        ("semicolons", "semicolons.csv", "text/csv"),
        ("utf16", "utf16.csv", "text/csv"),
    ],
)
def test_any_format_of_a_mapping_may_be_checked(name, sample, sent_as):
    assert by_mapping(name, sample, sent_as).body["updates"]


def test_a_check_of_records_that_are_all_passed_over_says_202_as_the_post_does():
    assert by_mapping("snapshot", "quiet/snapshot-empty.json", "application/json").body["would_answer"] == 202


@pytest.mark.parametrize("name", ["Check", "CHECK"])
def test_a_check_is_one_however_its_name_is_written(name):
    world = World()
    body = json.dumps({"updates": [told()]}).encode()

    answer = answering(receive)("springfield", "cad", request("POST", body, signed(body), {name: "1"}), world)

    assert (answer.status_code, answer.body["stored"]) == (200, False)
    assert world.stored() == world.before


class Silent(World):
    """The key's nulls say nothing."""

    webhook_keys = tuple(replace(key, null="silence") for key in World.webhook_keys)


def test_a_null_of_a_key_whose_nulls_say_nothing_takes_nothing_back():
    answer = checked(told(arrived_at=None, shift=""), world=Silent())

    assert "takes_back" not in first(answer)


def test_what_a_mapping_passes_over_would_be_answered_as_the_post_is():
    quiet = by_mapping("snapshot", "quiet/snapshot-empty.json", "application/json")
    snapshot = by_mapping("snapshot", "snapshot.json", "application/json")

    assert (quiet.body["would_answer"], quiet.body["passed_over"]) == (202, 1)
    assert (snapshot.body["would_answer"], snapshot.body["passed_over"]) == (202, 2)


def test_a_mapping_that_is_not_there_is_404_and_a_wrong_type_415():
    assert checked(told(), query={"mapping": "none"}).status_code == 404
    assert by_mapping("nested", "nested.json", "text/csv").status_code == 415


@given(st.lists(odd.map(lambda more: UPDATE | more), min_size=1, max_size=3))
def test_a_check_says_the_status_and_the_rejections_that_the_post_itself_gets(updates):
    body = json.dumps({"updates": updates}).encode()
    look = checked(body=body).body
    posted = answering(receive)("springfield", "cad", request("POST", body, signed(body)), World())

    assert look["would_answer"] == posted.status_code
    rejected = {(one["index"], one["rejected"]) for one in look["updates"] if "rejected" in one}
    assert rejected == {(one["index"], one["error"]) for one in posted.body.get("rejected", ())}
