"""Values that nobody judged are counted from the stream: a call once, and nothing where all is judged."""

from datetime import timedelta

from chalicelib.aws.document import decode, encode
from chalicelib.aws.stores.incidents import StoredIncident
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.lake.tables import IncidentVersion
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.flow.desk.count_unjudged import count_unjudged
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.virtual.clock import VirtualCity
from chalicelib.virtual.judging import MemoryJudging
from tests.factories import NOW, agency, call, incident

PARK = Evidence("incident_type", "PARK", "Parking complaint")
STRICT = agency(judgements=Judgements())


class Stream:
    """A city whose every write of a call is handed on, as the stream of its table does."""

    def __init__(self, ours) -> None:
        self.city, self.changes = VirtualCity(ours), []
        save = self.city.ports.incidents.save

        def saved(change):
            save(change)
            self.changes.append(
                IncidentVersion(change.incident, change.version + 1, change.created_at, unjudged=change.unjudged)
            )

        self.city.ports.incidents.save = saved

    def tell(self, number, code, minutes=0, **more):
        at = NOW + timedelta(minutes=minutes)
        told = call(code, at=at, incident_number=number, **more)
        self.city.ports.tell_time(at)
        receive_updates([told], f"{number} {minutes}", self.city.agency, self.city.ports, at)

    def counted(self):
        judging = MemoryJudging()
        for number, one in enumerate(self.changes):
            count_unjudged([one], f"b{number}", judging, NOW)
        return {one.item: one.calls for one in judging.values("springfield")}


def test_a_call_counts_once_however_often_dispatch_says_a_value():
    stream = Stream(STRICT)
    for minutes in range(4):
        stream.tell("P26-1", "PARK", minutes, incident_type_description="Parking complaint", beat=str(minutes))
    stream.tell("P26-2", "park", incident_type_description="PARKING COMPLAINT")

    assert len(stream.changes) == 5
    assert list(stream.counted().values()) == [2]


def test_a_value_that_comes_later_is_counted_then():
    stream = Stream(STRICT)
    stream.tell("P26-1", "PARK", incident_type_description="Parking complaint")
    stream.tell("P26-1", "PARK", 1, incident_type_description="Parking complaint", type_modifier="FIRE LANE")

    assert stream.counted() == {PARK: 1, Evidence("type_modifier", "FIRE LANE"): 1}


def test_where_all_is_judged_nothing_is_written():
    stream = Stream(agency())
    stream.tell("P26-1", "PARK", incident_type_description="Parking complaint")

    assert [one.unjudged for one in stream.changes] == [()]
    assert stream.counted() == {}


def test_a_call_of_the_release_before_is_read_and_of_this_one_by_it():
    stored = StoredIncident(incident(call()), (), NOW, 3, unjudged=(PARK,))
    before = StoredIncident(incident(call()), (), NOW, 3)

    assert decode(encode(stored), StoredIncident) == stored
    assert b"unjudged" not in encode(before).encode()
    assert decode(encode(before), StoredIncident).unjudged == ()
