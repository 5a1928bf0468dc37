"""In plain words: no more is read aloud than texts have said, and nothing of a call that something holds."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.desk.plain import in_plain_words
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import GONE, State
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.words import desk as words
from tests.factories import NOW, OTHER_PHONE, PHONE, agency, call, caller, incident, row

ROWS = st.dictionaries(st.sampled_from(Kind), st.sampled_from(State), max_size=6)
NEUTRAL = ("neutral", "help")
HOLDS = {
    "sensitive": {"incident_type": "DV"},
    "juvenile": {"latches": frozenset({Latch.JUVENILE})},
    "do not contact": {"latches": frozenset({Latch.DO_NOT_CONTACT})},
    "unsafe": {"unsafe_parties": frozenset({"1"})},
    "mass call": {"parties": {str(number): caller(f"+130355501{number:02}") for number in range(6)}},
}


def record(states, **told):
    kind = told.pop("incident_type", "NOISE")
    rows = {}
    for number, (name, state) in enumerate(states.items()):
        sent = NOW + timedelta(minutes=number) if state in GONE else None
        one = replace(row(name), state=state, sent_at=sent, body=f"words {PHONE}")
        rows[one.key] = one
    return IncidentRecord(incident=incident(call(kind, **told)), rows=rows, version=1)


@given(ROWS)
def test_only_messages_that_went_are_named_each_once(states):
    told = [one.name for one in in_plain_words(record(states), agency())]
    went = [kind for kind, state in states.items() if state in GONE]

    assert told == (
        ["have", *went, *(["more"] if State.SCHEDULED in states.values() else []), "help"] if went else [*NEUTRAL]
    )


@given(ROWS, st.sampled_from(sorted(HOLDS)))
def test_of_a_call_that_something_holds_nothing_is_said(states, hold):
    assert tuple(one.name for one in in_plain_words(record(states, **HOLDS[hold]), agency())) == NEUTRAL


@given(ROWS)
def test_of_a_call_whose_people_are_silenced_nothing_is_said(states):
    told = record(states)
    silenced = replace(told, incident=replace(told.incident, silences=True))

    assert tuple(one.name for one in in_plain_words(silenced, agency())) == NEUTRAL


@given(ROWS, st.text(min_size=4, max_size=30), st.sampled_from(words.LANGUAGES))
def test_no_word_of_dispatch_s_and_no_address_is_read_aloud(states, said, language):
    told = record(states, incident_type_description=f"qq{said}", parties={"1": caller(), "2": caller(OTHER_PHONE)})
    aloud = " ".join(
        words.find(language, f"plain.{one.name}").format(at="21:03", number=one.number)
        for one in in_plain_words(told, agency())
    )

    assert f"qq{said}" not in aloud
    assert not any(phone[-4:] in aloud for phone in (PHONE, OTHER_PHONE))
    assert "NOISE" not in aloud
    assert "911" in aloud
