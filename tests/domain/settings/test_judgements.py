"""The judged vocabulary: nothing that nobody judged is ever texted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.incidents.release import Release
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.plan import Planned, plan
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.incident_types import IncidentType
from chalicelib.domain.settings.judgements import LETS, VERDICTS, Judgement, Judgements
from chalicelib.domain.text import normal
from tests.factories import JUDGES, NOW, after, agency, call, incident, judged, update

NOISE = judged("incident_type", "NOISE", "Noise complaint")
OURS = agency(judgements=Judgements((NOISE,)))
VALUES = st.text("ABCDE 12-/", min_size=1, max_size=6).filter(normal)
LETTING = st.sampled_from(sorted(LETS))


def judging(*entries, **changes):
    return agency(judgements=Judgements((NOISE, *entries)), **changes)


def bars(decisions):
    return {(item.reason, item.detail) for item in decisions if not isinstance(item, Planned)}


def goes(merged, ours):
    return any(isinstance(item, Planned) for item in plan(merged, ours))


def test_a_judged_code_goes():
    assert goes(incident(call()), OURS)


@pytest.mark.parametrize(
    ("words", "detail"),
    [
        ({"incident_type_description": "Something new"}, "incident_type: NOISE = Something new"),
        ({"type_modifier": "ZQ-7"}, "type_modifier: ZQ-7"),
        ({"initial_type": "ZQ-7"}, "initial_type: ZQ-7"),
        ({"offenses": ("23F",)}, "offenses: 23F"),
    ],
)
def test_a_value_that_nobody_judged_is_silent_and_named(words, detail):
    assert bars(plan(incident(call(**words)), OURS)) == {(Reason.NOT_JUDGED, detail)}


def test_nothing_goes_without_judgements():
    assert not goes(incident(call()), agency(judgements=Judgements()))


def test_null_clears_a_fact_never_what_was_heard():
    merged = incident(call(type_modifier="ZQ-7"), update(after(5), "u2", type_modifier=None))

    assert not goes(merged, OURS)


def test_it_goes_from_the_next_decision_after_the_judging():
    merged = incident(call(type_modifier="ZQ-7"))

    assert not goes(merged, OURS)
    assert goes(merged, judging(judged("type_modifier", "ZQ-7")))


def test_a_wildcard_allows_a_type_and_never_judges_it():
    every = tuple(replace(rule, codes=("*",)) for rule in OURS.incident_types[:1])

    assert not goes(incident(call("ZQ-7")), replace(OURS, incident_types=every))


def test_a_description_that_is_the_codes_meaning_needs_no_judging():
    listed = replace(OURS, code_list={"NOISE": "NOISE COMPLAINT"})

    assert goes(incident(call(incident_type_description="Noise  complaint")), listed)


def test_a_code_list_that_says_something_else_than_was_judged_is_silent():
    assert not goes(incident(call()), replace(OURS, code_list={"NOISE": "Something new"}))


@given(VALUES, LETTING)
def test_a_bare_code_is_never_judged_dull(value, verdict):
    for field in ("incident_type", "offenses"):
        with pytest.raises(ValueError, match="says nothing by itself"):
            judged(field, value, "", verdict)


@pytest.mark.parametrize("field", ["type_modifier", "dispositions"])
@pytest.mark.parametrize("code", ["11A", "10-56", "415F", "5150"])
def test_a_code_is_never_judged_dull_without_its_meaning_whatever_its_field(field, code):
    whole = {"field": field, "value": code, "verdicts": frozenset({"dull"}), "judged_by": ("A. Bee", "C. Dee")}
    for meaning in ("", code, "7"):
        with pytest.raises(ValueError, match="says nothing by itself"):
            Judgement(**whole, meaning=meaning)
    for meaning in ("Alarm, no people", "Rape"):
        assert Judgement(**whole, meaning=meaning).lets
    assert Judgement(**whole | {"verdicts": frozenset({"sensitive"})})


@pytest.mark.parametrize("field", ["incident_type", "offenses"])
def test_a_code_is_not_its_own_meaning(field):
    with pytest.raises(ValueError, match="says nothing by itself"):
        judged(field, "10-56", "10-56")


def test_the_word_lists_read_the_meaning_of_a_code_in_a_modifier():
    told = incident(call(type_modifier="11A"))

    assert goes(told, judging(judged("type_modifier", "11A", "Alarm, no people")))
    assert not goes(told, judging(judged("type_modifier", "11A", "Rape")))


@given(LETTING, st.sampled_from([(), ("Supervisor Ruiz",), ("Supervisor Ruiz", "SUPERVISOR  RUIZ")]))
def test_what_lets_a_text_go_has_two_names(verdict, judges):
    with pytest.raises(ValueError, match="two people"):
        judged("incident_type", "NOISE", "Noise", verdict, judged_by=judges)


@given(st.sampled_from(["never", "sensitive"]), LETTING)
def test_nothing_is_both_let_go_and_never(silent, letting):
    with pytest.raises(ValueError, match="can't be both"):
        judged("type_modifier", "ZQ-7", "", silent, letting)


@pytest.mark.parametrize("value", ["\ufffdQ", "FAM?LY", "ДОМ"])
def test_what_cant_be_read_is_not_judged(value):
    with pytest.raises(ValueError, match="can't be read"):
        judged("type_modifier", value)
    assert not goes(incident(call(type_modifier=value)), judging(judged("type_modifier", "Q")))


@given(st.sampled_from(["zq 7", "ZQ-7", "zq_7", " Zq–7 ", "ZQ&nbsp;7"]))
def test_values_are_compared_in_their_normal_form(spelling):
    assert goes(incident(call(type_modifier=spelling)), judging(judged("type_modifier", "ZQ-7")))


@given(VALUES, VALUES)
def test_another_value_is_another_judgement(known, heard):
    ours = Judgements((judged("type_modifier", known),))

    assert bool(ours.of(Evidence("type_modifier", text=heard))) == (normal(known) == normal(heard))


@given(st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=5), st.permutations(range(5)))
def test_an_incident_has_the_verdicts_of_all_that_was_ever_heard(verdicts, order):
    entries = [judged("type_modifier", f"M{place}", "", verdict) for place, verdict in enumerate(verdicts)]
    updates = [call(), *(update(after(n), f"u{n}", type_modifier=f"M{n}") for n in order if n < len(verdicts))]
    decisions = plan(incident(*updates), judging(*entries))
    told = {item.key.kind for item in decisions if isinstance(item, Planned)}
    reasons = {item.reason for item in decisions if not isinstance(item, Planned)}

    if "sensitive" in verdicts:
        assert reasons == {Reason.SENSITIVE}
    elif "never" in verdicts:
        assert reasons == {Reason.TYPE_NEVER}
    elif "after_close" in verdicts:
        assert not told
    else:
        assert told == {Kind.ACKNOWLEDGMENT, Kind.DELAY}


def test_a_code_that_is_always_sensitive_is_so_with_any_description():
    dv = judged("incident_type", "DV", "Domestic trouble", "sensitive")
    merged = incident(call("DV", incident_type_description="Something new"))

    assert {reason for reason, _ in bars(plan(merged, judging(dv)))} == {Reason.SENSITIVE}


def test_two_people_and_a_reason_excuse_exactly_one_value_from_the_word_lists():
    known = incident(call(type_modifier="GUN SHOP"))
    let, excused = judged("type_modifier", "GUN SHOP"), judged("type_modifier", "GUN SHOP", reason="A shop's name")

    assert {reason for reason, _ in bars(plan(known, judging(let)))} == {Reason.SENSITIVE}
    assert goes(known, judging(excused))
    assert not goes(known.merge(update(after(1), "u2", type_modifier="GUN")), judging(excused))


@pytest.mark.parametrize("said", [{"incident_type": "0486"}, {"initial_type": "0486"}, {"offenses": ("0486",)}])
def test_the_word_lists_read_the_meaning_by_which_a_bare_code_was_let_go(said):
    fields, types = ("incident_type", "offenses"), (IncidentType(codes=("*",), description="All"),)
    careless = (judged(field, "0486", "Domestic battery") for field in fields)
    reasoned = (judged(field, "0486", "Domestic battery", reason="a game of ours") for field in fields)

    (bar,) = bars(plan(incident(call(**said)), judging(*careless, incident_types=types)))
    assert bar[0] is Reason.SENSITIVE
    assert goes(incident(call(**said)), judging(*reasoned, incident_types=types))


def test_dispositions_are_judged_only_where_the_agency_judges_them():
    ended = incident(call(), update(after(5), "u2", dispositions=("ZQ", "HAN"), closed_at=after(5)))
    some = judging(judged("dispositions", "HAN"))

    assert goes(ended, OURS)
    assert bars(plan(ended, some)) == {(Reason.NOT_JUDGED, "dispositions: ZQ")}
    rejected = update(after(2), "r", rejected=True, words=frozenset({Evidence("dispositions", text="ZQ")}))
    assert goes(incident(call(), rejected), OURS)
    assert not goes(incident(call(), rejected), some)
    assert not goes(ended.merge(update(after(9), "u3", dispositions=("HAN",))), some)


def test_a_release_judges_for_its_incident_the_words_that_were_known():
    merged = incident(call(type_modifier="WEAPON"))
    release = Release(what="sensitive", author="records", reason="a toy", at=NOW)

    assert goes(merged.release(release), OURS)
    assert not goes(merged.release(release).merge(update(after(1), "u2", type_modifier="ZQ-7")), OURS)


@given(st.lists(VALUES, max_size=6, unique_by=normal), st.randoms())
def test_the_same_judgements_have_the_same_digest_in_any_order(values, dice):
    entries = [judged("type_modifier", value) for value in values]
    mixed = dice.sample(entries, len(entries))

    assert Judgements(tuple(entries)).digest == Judgements(tuple(mixed)).digest
    assert Judgements(tuple(entries)).in_order == Judgements(tuple(mixed)).in_order
    assert Judgements((*entries, NOISE)).digest != Judgements(tuple(entries)).digest


def test_a_value_is_judged_once():
    with pytest.raises(ValueError, match="judged twice"):
        Judgements((NOISE, judged("incident_type", "noise", "NOISE COMPLAINT", "never")))


def test_judges_are_named():
    assert Judgement(field="offenses", value="11A", verdicts=frozenset({"sensitive"})).judges == frozenset()
    assert NOISE.judges == {normal(name) for name in JUDGES}
