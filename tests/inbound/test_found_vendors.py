"""Payloads that others invented in the shapes of vendors' systems, read by the maps that are shipped.

They lie beside the project, which must stand without them: our own are in `test_shipped_maps`.
"""

import importlib.util
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.notifications.safety import sensitive_because
from chalicelib.inbound.mapping.batch import mapper_of, read_mapped
from tenfour.common.paths import ROOT
from tests.factories import SHARED, agency, incident

FOUND, MAPS = SHARED.parent / "cases" / "vendors", ROOT / "infra" / "maps"
NOW = datetime(2026, 11, 29, 20, 0, tzinfo=UTC)
BEGIN = datetime(2026, 11, 28, 17, 0)  # noqa: DTZ001  as these systems write it, in the centre's own zone


def read(name, body):
    return read_mapped(mapper_of((MAPS / f"{name}.toml").read_text()), body, "wh", "US", NOW)


def found(path):
    if not (FOUND / path).exists():
        pytest.skip(f"NOT RUN: {FOUND / path} is not here")
    return (FOUND / path).read_bytes()


def local(minutes, seconds=0):
    """Return an instant so long after 5 pm in Denver."""
    return datetime(2026, 11, 29, 0, 0, tzinfo=UTC) + timedelta(minutes=minutes, seconds=seconds)


EIDO = [
    ("official", "a56e556d872:bcf.test.example", None, None, "+13035550165"),
    ("simulator", "a56e556d873:bcf.test.example", "NOISE", local(7, 44), "+13035550166"),
    ("notify", "a56e556d873:bcf.test.example", "NOISE", local(7, 44), "+13035550166"),
    ("other_producer", "test:R77", "NOISE", local(7, 34), None),
]


@pytest.mark.parametrize(("name", "known_as", "kind", "arrived_at", "phone"), EIDO, ids=[each[0] for each in EIDO])
def test_eido_of_three_producers_is_read(name, known_as, kind, arrived_at, phone):
    batch = read("eido", found(f"eido/{name}.json"))

    (update,) = batch.updates
    assert batch.rejected == ()
    assert update.incident_id == known_as
    assert update.incident_number == ("R77" if name == "other_producer" else "")
    assert update.facts.get("incident_type") == kind
    assert update.facts.get("arrived_at") == arrived_at
    assert [party["phone"].number for party in update.parties.values()] == ([phone] if phone else [])


def test_eidos_other_times_and_dispositions_are_read():
    (update,) = read("eido", found("eido/other_producer.json")).updates

    assert update.facts["dispatched_at"] == local(7, 4)
    assert update.facts["enroute_at"] == local(7, 9)
    assert update.facts["received_at"] == local(6, 24)
    assert update.facts["dispositions"] == ("HAN", "NR")


@pytest.mark.parametrize(("file", "calls"), [("active", 3), ("closed", 1)])
def test_informs_list_is_read(file, calls):
    batch = read("inform", found(f"inform/{file}.json"))

    assert batch.rejected == ()
    assert len(batch.updates) == calls
    assert all(update.facts["incident_type"] == "NOISE" for update in batch.updates)
    assert all(update.parties["caller"]["phone"].number for update in batch.updates)


def test_informs_closed_call_has_all_that_its_people_are_told():
    (update,) = read("inform", found("inform/closed.json")).updates

    assert update.facts["arrived_at"] == local(4, 31)
    assert update.facts["closed_at"] == local(5, 6)
    assert (update.facts["dispositions"], update.facts["case_numbers"]) == (("HAN",), ("26-888",))


def test_a_post_to_an_app_is_read():
    (update,) = read("tablet", found("tablet/incident.json")).updates

    assert update.incident_number == "TC2600042"
    assert update.facts["received_at"] == local(3, 41)
    assert update.facts["dispatched_at"] == local(4, 11)
    assert update.facts["case_numbers"] == ("R1", "R2")
    assert "arrived_at" not in update.facts


@pytest.mark.parametrize(
    ("name", "path"),
    [("inform", "inform/none.json"), ("spillman", "spillman/empty.xml"), ("tablet", "tablet/heartbeat.json")],
)
def test_an_empty_snapshot_or_heartbeat_is_passed_over(name, path):
    batch = read(name, found(path))

    assert (batch.updates, batch.rejected, batch.passed_over) == ((), (), 1)


def test_spillmans_status_is_an_arrival_that_was_first_seen():
    first, second = read("spillman", found("spillman/two.xml")).updates

    assert (first.facts["arrived_at"], first.first_seen) == (NOW, {"arrived_at"})
    assert "arrived_at" not in second.facts
    assert (first.facts["origin"], second.facts["origin"]) == ("non_emergency", "911")
    assert [party["phone"].number for party in first.parties.values()] == ["+13035550171"]
    assert second.parties == {}


# --- New World: whole calls, made by the invented generator


@pytest.fixture
def aegis():
    """Return what makes an export of a police call in which fire has a part."""
    found("aegis/make.py")
    spec = importlib.util.spec_from_file_location("aegis_make", FOUND / "aegis" / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)

    def call(numbers, *, fire="E - Cardiac Arrest", police="NOISE", closed=None, flag=None, units=True, **more):
        at = [BEGIN + timedelta(minutes=minutes) for minutes in range(40)]
        ended = None if flag else closed
        contexts = [make.ctx(kind, said, at[0], ended) for kind, said in (("Fire", fire), ("Police", police)) if said]
        incidents = [make.inc(kind, "PD", number, "NOISE", at[1]) for kind, number in numbers]
        sent = [
            make.unit("E4", "Fire", "FD", at[2], at[6], at[20], "CANC"),
            make.unit("2A12", "Police", "PD", at[5], at[10], at[30], "HAN"),
        ]
        known = {"closed": closed, "flag": flag, **more}
        return read(
            "aegis", make.call(9, 239, at[0], contexts, sent * units, incidents, "3035550101", **known).encode()
        )

    return call


def test_dispositions_of_the_call_and_of_its_units_are_read(aegis):
    (update,) = aegis([("Police", "26-1")], closed=BEGIN + timedelta(minutes=31), dispo="RPT").updates

    assert set(update.facts["dispositions"]) == {"RPT", "HAN", "CANC"}
    assert update.facts["arrived_at"] == local(10)
    assert update.facts["closed_at"] == local(31)


def test_what_fire_calls_a_noise_call_silences_it(aegis):
    (quiet,) = aegis([("Police", "26-1")], fire="E - Sick Person", units=False).updates
    (silent,) = aegis([("Police", "26-1")], fire="E - Suicide Attempt", units=False).updates

    assert (quiet.facts["incident_type"], silent.facts["incident_type"]) == ("NOISE", "NOISE")
    assert sensitive_because(incident(quiet), agency()) is None
    assert sensitive_because(incident(silent), agency())


def test_a_call_that_is_open_again_is_not_closed(aegis):
    (update,) = aegis([("Police", "26-1")], closed=BEGIN + timedelta(minutes=31), flag="false", units=False).updates

    assert update.facts["closed_at"] is None


def test_a_call_of_fire_alone_is_passed_over_and_no_phone_is_kept(aegis):
    batch = aegis([("Fire", "F26-1")], police=None, units=False)

    assert (batch.updates, batch.rejected, batch.passed_over) == ((), (), 1)
