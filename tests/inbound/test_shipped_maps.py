"""The maps of `infra/maps` that read dispatch systems: invented payloads of each, and what comes out.

`tests/mappings/shipped` has a folder for each map. Beside each payload stands what the webhook gets of it: no update
where the payload is passed over.
"""

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations

import msgspec
import pytest
from typer.testing import CliRunner

from chalicelib.domain.notifications.safety import sensitive_because
from chalicelib.inbound.mapping.batch import mapper_of, read_mapped
from chalicelib.inbound.mapping.losses import losses
from chalicelib.inbound.mapping.naming import changing_names
from tenfour.common.paths import ROOT
from tenfour.main import cli
from tests.factories import agency, incident
from tests.flow.city import City
from tests.web.test_mapped import TYPES, Mapped, posted

FOLDER, MAPS = ROOT / "tests" / "mappings" / "shipped", ROOT / "infra" / "maps"
CASES = sorted(path for path in FOLDER.glob("*/*") if path.suffix != ".expected")
NAMES = sorted(path.name for path in FOLDER.iterdir())
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
PRIVATE = ("Nobody", "Atall", "NOWHERE", "900-55", "1970")
WORD = "SUICIDE ATTEMPT"
DULL = {
    "aegis": ["E - Sick Person", "26A1", "NOISE", "Sick person", "Loud music", "Handled", "CNL"],
    "eido": ["Noise Complaint", "NOISE", "Loud music", "QUIET HOURS", "Handled", "Music turned down"],
    "icad": ["NOISE", "Noise complaint", "MUSIC", "Loud music", "SICK", "Sick person", "RPT", "HAN", "OUTDOOR"],
    "inform": ["NOISE", "LOUD PARTY", "21B1", "RPT"],
    "oncall": ["NOISE", "Noise complaint", "MUSIC", "Loud music", "Music outdoors", "HAN"],
    "premierone": ["NOISE", "LOUD MUSIC", "OUTDOORS", "HAN"],
    "spillman": ["Noise", "21B1"],
    "tablet": ["NOISE", "Noise complaint", "MUS", "Music", "21B1"],
}
"""Every word about the nature in the largest payload of each map, whichever agency, unit or part of it says it."""

LARGEST = {
    "aegis": "3-closed-with-dispositions.xml",
    "eido": "library-closed.json",
    "icad": "3-closed.csv",
    "inform": "3-closed.json",
    "oncall": "3-closed.json",
    "premierone": "3-closed.json",
    "spillman": "3-complete.xml",
    "tablet": "3-closed.json",
}


def mapper(name):
    return mapper_of((MAPS / f"{name}.toml").read_text())


def named(path):
    return f"{path.parent.name}/{path.stem}"


def read(path):
    return read_mapped(mapper(path.parent.name), path.read_bytes(), f"wh-{path.stem}", "US", NOW)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_payload_becomes_the_updates_beside_it(case):
    mapped = mapper(case.parent.name).read(case.read_bytes(), NOW)

    assert [msgspec.to_builtins(item.update) for item in mapped] == json.loads(
        case.with_suffix(".expected").read_text()
    )


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_webhook_takes_each_update_and_no_name_or_address_leaves(case):
    batch = read(case)

    assert batch.rejected == ()
    assert [word for word in PRIVATE if word in str(batch)] == []


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_post_of_it_is_taken_or_passed_over_and_is_a_sign_of_life(case):
    updates = json.loads(case.with_suffix(".expected").read_text())
    world = Mapped(agency(), folder=MAPS)
    world.queue.now = NOW

    answer = posted(world, case.parent.name, case.read_bytes(), TYPES[case.suffix])

    assert (answer.status_code, answer.body["accepted"], answer.body["rejected"]) == (202, len(updates), ())
    assert answer.body.get("passed_over", 0) == (not updates)
    assert (world.rejects.kept, world.settings.conditions("springfield").feed_heard_at is None) == ([], False)


@pytest.mark.parametrize("name", NAMES)
def test_the_check_says_that_the_map_is_ready(name):
    done = CliRunner().invoke(
        cli,
        ["mapping", "check", str(MAPS / f"{name}.toml"), "--sample", str(FOLDER / name / LARGEST[name])],
        env={"COLUMNS": "80"},
    )

    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "Every update would be taken."


@pytest.mark.parametrize("name", NAMES)
def test_no_map_could_lose_a_word_about_the_nature_or_change_a_calls_name(name):
    mapping = mapper(name).mapping

    assert losses(mapping) == ()
    assert changing_names(mapping) == ()


@pytest.mark.parametrize(("name", "dull"), [(name, dull) for name in DULL for dull in DULL[name]])
def test_a_sensitive_word_in_any_place_silences(name, dull):
    path = FOLDER / name / LARGEST[name]
    text = path.read_text()
    assert dull in text
    assert sensitive_because(incident(*read(path).updates), agency()) is None

    (update,) = read_mapped(mapper(name), text.replace(dull, WORD, 1).encode(), "wh", "US", NOW).updates

    assert sensitive_because(incident(update), agency())


STOPS = {
    "aegis": {"arrived_at", "closed_at", "cancelled_at", "officer_initiated"},
    "eido": {"arrived_at", "closed_at", "cancelled_at", "linked_to"},
    "icad": {"arrived_at", "closed_at", "officer_initiated"},
    "inform": {"arrived_at", "closed_at", "cancelled_at", "officer_initiated"},
    "oncall": {"arrived_at", "closed_at", "officer_initiated"},
    "premierone": {"arrived_at", "closed_at", "cancelled_at", "officer_initiated"},
    "spillman": {"arrived_at", "closed_at", "officer_initiated"},
    "tablet": {"arrived_at", "closed_at", "exercise"},
}
"""What each system is known to tell that stops a text; what is missing here must be asked for, as the map says."""


@pytest.mark.parametrize("name", NAMES)
def test_what_stops_a_text_is_read(name):
    facts = [update.facts for path in CASES if path.parent.name == name for update in read(path).updates]
    fields = {field for each in facts for field, value in each.items() if value}
    origins = {each.get("origin") for each in facts}

    assert (fields | origins) >= STOPS[name]


def told(*paths):
    """Return what is known of an incident after these payloads, in their order."""
    known = incident(*(update for path in paths for update in read(path).updates))
    return known.facts, known.parties, known.evidence


@pytest.mark.parametrize("name", sorted(DULL))
def test_in_whichever_order_snapshots_come_the_same_is_known(name):
    begin = ("library.", "library-closed") if name == "eido" else ("1-", "2-", "3-")
    paths = [path for path in CASES if path.parent.name == name and path.name.startswith(begin)]
    assert len(paths) == len(begin)

    known = [told(*order) for order in permutations(paths)]

    assert all(each == known[0] for each in known)
    assert known[0][0].arrived_at
    assert known[0][0].closed_at


@pytest.mark.parametrize("order", list(permutations([3, 0, 8])), ids=str)
def test_an_arrival_that_only_a_status_tells_does_not_move_with_each_reading(order):
    body = (FOLDER / "spillman" / "2-on-scene.xml").read_bytes()
    readings = [
        read_mapped(mapper("spillman"), body, f"wh-{minutes}", "US", NOW + timedelta(minutes=minutes)).updates
        for minutes in order
    ]

    known = incident(*(update for updates in readings for update in updates))

    assert known.facts.arrived_at == NOW


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        *((kind, True) for kind in ("Patrol", "Police", "", None)),
        *((kind, False) for kind in ("Fire", "Fire Department", "Fire/EMS", "EMS", "Medical", "Ambulance", "Rescue")),
    ],
)
def test_the_arrival_of_fire_or_an_ambulance_is_not_that_of_an_officer(kind, counts):
    text = (FOLDER / "aegis" / "2-police-has-one-later.xml").read_text()
    told = "" if kind is None else f"<Type>{kind}</Type>"
    changed = text.replace("<Type>Police</Type><UnitLogs>", f"{told}<UnitLogs>")
    assert changed != text or kind == "Police"

    (update,) = read_mapped(mapper("aegis"), changed.encode(), "wh", "US", NOW).updates

    assert bool(update.facts["arrived_at"]) == counts
    assert bool(update.facts["units"]) == counts


@pytest.mark.parametrize("has_type", [True, False])
def test_an_officer_without_a_type_is_there_for_the_caller_and_fire_is_not(has_type):
    """Found: a unit without `Type` was neither police nor fire, so its arrival was lost."""
    text = (FOLDER / "aegis" / "2-police-has-one-later.xml").read_text()
    fire = text.replace(
        ' i:nil="true" /><AssignedDateTime>2026-11-24T09:15:00',
        ">2026-11-24T09:16:00</ArriveDateTime><AssignedDateTime>2026-11-24T09:15:00",
        1,
    )
    assert fire != text
    changed = fire if has_type else fire.replace("<Type>Police</Type><UnitLogs>", "<UnitLogs>")

    (update,) = read_mapped(mapper("aegis"), changed.encode(), "wh", "US", NOW).updates

    assert update.facts["arrived_at"] == datetime(2026, 11, 24, 16, 33, 40, tzinfo=UTC)
    assert update.facts["enroute_at"] == update.facts["dispatched_at"] == datetime(2026, 11, 24, 16, 21, 2, tzinfo=UTC)
    assert [unit.unit for unit in update.facts["units"]] == ["2A12"]


NOT_POLICE = {
    "aegis": ("Fire", ["Fire Department", "EMS", "Ambulance", "Rescue"], "<AgencyType>{}</AgencyType>"),
    "inform": ("FIRE", ["Fire Department", "EMS", "Ambulance", "Fire/Rescue", "Paramedic"], '"Agency_Type": "{}"'),
    "spillman": ("f", ["e", "F", "EMS", "Fire"], "<CallTypeLawFireEMS>{}<"),
}
"""What says of a call that it is fire's or an ambulance's, where a system tells it, and other words for that."""


@pytest.mark.parametrize(("name", "word"), [(name, word) for name, each in NOT_POLICE.items() for word in each[1]])
def test_a_call_of_fire_or_an_ambulance_alone_is_passed_over_by_any_of_its_names(name, word):
    (path,) = [path for path in CASES if path.parent.name == name and path.stem == "fire-alone"]
    said, _, form = NOT_POLICE[name]
    text = path.read_text()
    changed = text.replace(form.format(said), form.format(word))
    assert changed != text

    batch = read_mapped(mapper(name), changed.encode(), "wh", "US", NOW)

    assert (batch.updates, batch.passed_over > 0) == ((), True)


@pytest.mark.parametrize("name", ["aegis", "inform", "spillman"])
def test_a_call_whose_number_comes_late_is_one_call(name):
    city = City(agency())
    for order, path in enumerate(path for path in CASES if path.parent.name == name and path.name[0].isdigit()):
        at = NOW + timedelta(minutes=order)
        for update in read_mapped(mapper(name), path.read_bytes(), f"wh-{order}", "US", at).updates:
            city.tell(update, at=at, source=f"wh-{order}")
    city.run_until(None)

    (record,) = city.records()
    assert record.incident.identity.shown[0].number in ("26-0018822", "26-8801", "26A0711")
    assert record.incident.facts.arrived_at
    assert record.incident.facts.closed_at


def test_the_caller_of_a_call_that_fire_has_a_number_for_first_hears_of_it_once():
    """Found: fire's number came before police's. Two acknowledgments went, and a delay notice after the closing."""
    city = City(agency())
    for path in [path for path in CASES if path.parent.name == "aegis" and path.name[0].isdigit()]:
        for update in read(path).updates:
            city.tell(update, at=update.as_of, source=path.stem)
    city.run_until(NOW)

    texts = city.texts("+13035550151")
    assert len([text for text in texts if "we have your call" in text]) == 1
    assert [text for text in texts if "delayed" in text] == []


def test_a_list_that_is_read_again_is_all_duplicates():
    world, body = Mapped(agency(), folder=MAPS), (FOLDER / "inform" / "2-numbered-and-there.json").read_bytes()
    world.queue.now = NOW

    answers = [posted(world, "inform", body, "application/json").body for _ in range(3)]

    assert [(each["accepted"], each["duplicates"]) for each in answers] == [(1, 0), (0, 1), (0, 1)]


REOPENED = {
    "eido": ('"Closed"', '"Active"'),
    "icad": (",F,MUSIC,", ",T,MUSIC,"),
    "inform": ('"Call_Is_Active": false', '"Call_Is_Active": true'),
    "oncall": ('"IsOpen": false', '"IsOpen": true'),
    "premierone": ('"IncidentStatus": "CLOSED"', '"IncidentStatus": "ENROUTE", "ClosedTime": "2026-11-24T10:31:00"'),
    "spillman": ("<CallStatus>CMPLT<", "<CallStatus>ENRT<"),
}
"""What says of the closed call of each system that it is open again, beside a closing time that stays."""


@pytest.mark.parametrize("name", REOPENED)
def test_a_call_that_is_open_again_is_closed_no_more_and_nobody_is_asked_how_it_was(name):
    closed = (FOLDER / name / LARGEST[name]).read_text()
    again = closed.replace(*REOPENED[name])
    assert again != closed
    first, later = NOW, NOW + timedelta(minutes=5)
    city = City(agency())
    before = [path.read_text() for path in CASES if (path.parent.name, path.name[:2]) == (name, "2-")]
    for body, at in (*((each, NOW - timedelta(minutes=5)) for each in before), (closed, first), (again, later)):
        for update in read_mapped(mapper(name), body.encode(), f"wh-{at}", "US", at).updates:
            stamped = msgspec.structs.replace(update, as_of=at)
            city.tell(stamped, at=at, source=f"wh-{at}")
    city.run_until(None)

    (record,) = city.records()
    assert record.incident.facts.arrived_at
    assert record.incident.facts.closed_at is None
    assert [text for text in city.texts() if "how did we do" in text] == []


ENDINGS = {
    "eido": ('"Closed"', '"Canceled"', "cancelled_at"),
    "premierone": ('"IncidentStatus": "CLOSED"', '"IncidentStatus": "CANCELLED"', "cancelled_at"),
    "spillman": ("<CallStatus>CMPLT<", "<CallStatus>CNCL<", "cancelled_at"),
}


@pytest.mark.parametrize("end", ["closed_at", "cancelled_at"])
@pytest.mark.parametrize("name", ENDINGS)
def test_an_end_that_is_only_seen_counts_from_the_last_time_that_the_call_was_open(name, end):
    """Found: such a closing could not be taken back; and the next one would have been the old one."""
    text = (FOLDER / name / LARGEST[name]).read_text()
    if end == "cancelled_at":
        text = text.replace(*ENDINGS[name][:2])
    again = text.replace(*REOPENED[name]) if end == "closed_at" else text.replace(ENDINGS[name][1], REOPENED[name][1])
    assert again != text
    snapshots = [(text, 0), (text, 1), (again, 20), (again, 21), (text, 40), (text, 41)]

    known = [after_snapshots(name, end, snapshots[:count]) for count in range(1, len(snapshots) + 1)]

    assert known == [NOW, NOW, None, None, NOW + timedelta(minutes=40), NOW + timedelta(minutes=40)]


def after_snapshots(name, end, snapshots):
    """Return the end of a call after these payloads, each told so many minutes later."""
    known = incident()
    for body, minutes in snapshots:
        at = NOW + timedelta(minutes=minutes)
        for update in read_mapped(mapper(name), body.encode(), f"wh-{minutes}", "US", at).updates:
            facts = {**update.facts, **({end: at} if update.facts.get(end) else {})}
            known = known.merge(msgspec.structs.replace(update, as_of=at, facts=facts))
    return getattr(known.facts, end)


@pytest.mark.parametrize("name", ["eido", "premierone", "spillman"])
def test_a_status_that_no_line_names_opens_no_call(name):
    text = (FOLDER / name / LARGEST[name]).read_text()
    changed = text.replace(
        REOPENED[name][0],
        REOPENED[name][0].replace("Closed", "Tidied").replace("CLOSED", "TIDIED").replace("CMPLT", "TIDY"),
    )
    assert changed != text

    (update,) = read_mapped(mapper(name), changed.encode(), "wh", "US", NOW).updates

    assert not {"closed_at", "cancelled_at"} & update.facts.keys()


@pytest.mark.parametrize("extension", [";ext=22", ";ext=4;phone-context=+1"])
def test_a_caller_behind_an_extension_is_not_texted_at_the_switchboard(extension):
    text = (FOLDER / "eido" / "library-closed.json").read_text()
    changed = text.replace("tel:+13035550162", f"tel:+13035550162{extension}").replace(
        "sip:3035550161@osp", "sip:desk@osp"
    )

    (update,) = read_mapped(mapper("eido"), changed.encode(), "wh", "US", NOW).updates

    (party,) = update.parties.values()
    assert party["phone"].number is None


@pytest.mark.parametrize("status", ["CANCL", "CNCL"])
def test_a_call_that_is_cancelled_by_a_status_waits_for_nobody(status):
    text = (FOLDER / "spillman" / "1-received.xml").read_text()
    changed = text.replace("<CallStatus>RCVD<", f"<CallStatus>{status}<")
    assert changed != text

    (update,) = read_mapped(mapper("spillman"), changed.encode(), "wh", "US", NOW).updates

    assert (update.facts["cancelled_at"], update.first_seen) == (NOW, {"cancelled_at"})


@pytest.mark.parametrize("said", ["on-scene", "On Scene", "ONSCENE", "arrived"])
def test_an_arrival_in_other_letters_is_one(said):
    text = (FOLDER / "premierone" / "2-on-scene.json").read_text()

    (update,) = read_mapped(mapper("premierone"), text.replace("ONSCENE", said).encode(), "wh", "US", NOW).updates

    assert update.facts["arrived_at"]


def test_zeros_with_a_zone_are_no_time():
    text = (FOLDER / "icad" / "3-closed.csv").read_text()

    (update,) = read_mapped(
        mapper("icad"), text.replace("20261124100230MS", "00000000000000MS").encode(), "wh", "US", NOW
    ).updates

    assert "arrived_at" not in update.facts
    assert update.facts["closed_at"]
