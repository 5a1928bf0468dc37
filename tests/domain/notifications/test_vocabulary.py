"""Real lists of call types, labelled from outside: how much of them the floor's words know, printed with denominators.

`make test` has them only where they stand beside the project; they are not ours.
"""

import contextlib
import csv

import pytest

from chalicelib.domain.notifications.plan import incident_bar
from chalicelib.domain.notifications.safety import sensitive_because
from chalicelib.domain.settings.incident_types import IncidentType
from chalicelib.domain.settings.judgements import Judgement, Judgements
from chalicelib.domain.text import normal
from chalicelib.insight.settings.judge import unfounded
from tenfour.common.paths import ROOT
from tests.factories import NOW, agency, incident, judged, update

PATH = ROOT.parent / "shared" / "cases" / "vocabulary.csv"
AGENCY = agency(sensitive_types=frozenset(), highest_priorities=frozenset())
DULL_TYPE = {"incident_type": "NOISE", "incident_type_description": "Noise complaint"}
MOST_MISSED, MOST_SILENCED = 0.01, 0.01

FIELDS = {
    "description": lambda code, text: {"incident_type": code or "X1", "incident_type_description": text},
    "modifier": lambda code, text: {**DULL_TYPE, "type_modifier": text},
    "initial type": lambda code, text: {**DULL_TYPE, "initial_type": text},
    "offence": lambda code, text: {**DULL_TYPE, "offenses": (text,)},
}
SPREAD = {
    "joined": "".join,
    "turned": lambda words: ", ".join(reversed(words)),
    "escaped": "%20".join,
    "in capitals": lambda words: "".join(word.capitalize() for word in words),
}


def entries(label):
    if not PATH.exists():
        pytest.skip(f"NOT RUN: {PATH} is not here")
    with PATH.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["label"].startswith(label)]


def silent(told):
    return sensitive_because(incident(update(NOW, "x", **told)), AGENCY)


def figure(name, wrong, total, capsys):
    with capsys.disabled():
        print(f"\n{name}: {len(wrong)} of {total}", *sorted(wrong)[:20], sep="\n  ")
    return len(wrong) / total


@pytest.mark.parametrize("field", FIELDS)
def test_sensitive_words_of_real_lists_are_known_in_any_field(field, capsys):
    told = [row for row in entries("S:") if row["description"]]
    missed = [row["description"] for row in told if not silent(FIELDS[field](row["code"], row["description"]))]

    assert figure(f"sensitive, missed as {field}", missed, len(told), capsys) <= MOST_MISSED


@pytest.mark.parametrize("field", FIELDS)
def test_dull_words_of_real_lists_are_left_alone(field, capsys):
    told = [row for row in entries("N") if row["description"]]
    silenced = [row["description"] for row in told if silent(FIELDS[field](row["code"], row["description"]))]

    assert figure(f"dull, silenced as {field}", silenced, len(told), capsys) <= MOST_SILENCED


@pytest.mark.parametrize("spelled", SPREAD)
def test_sensitive_words_of_real_lists_are_known_however_they_are_spelled(spelled, capsys):
    told = [row["description"].split() for row in entries("S:") if len(row["description"].split()) > 1]
    missed = [" ".join(words) for words in told if not silent({**DULL_TYPE, "type_modifier": SPREAD[spelled](words)})]

    assert figure(f"sensitive, missed {spelled}", missed, len(told), capsys) <= MOST_MISSED


def test_sensitive_words_of_real_lists_are_known_over_two_fields(capsys):
    told = [row["description"].split() for row in entries("S:") if len(row["description"].split()) > 1]
    missed = [
        " ".join(words)
        for words in told
        if not silent({"incident_type": words[0], "type_modifier": " ".join(words[1:])})
    ]

    assert figure("sensitive, missed over two fields", missed, len(told), capsys) <= MOST_MISSED


def test_what_only_a_code_or_a_cut_text_says_is_counted(capsys):
    """No list can know them: a bare code of an agency's own, or words before the decisive one, are for its judges."""
    coded = [row for row in entries("S:") if row["code"]]
    cut = [row["description"] for row in entries("S:") if len(row["description"]) > 20]
    missed = [f"{row['code']} ({row['description']})" for row in coded if not silent({"incident_type": row["code"]})]
    unheard = [text[:20] for text in cut if not silent({**DULL_TYPE, "type_modifier": text[:20]})]

    assert figure("sensitive, missed as a bare code", missed, len(coded), capsys) < 1
    assert figure("sensitive, missed at 20 characters", unheard, len(cut), capsys) < 1


VALUES = {
    "type": lambda code, text: {"incident_type": code or text, "incident_type_description": text},
    "bare code": lambda code, text: {**DULL_TYPE, "incident_type": code or text, "incident_type_description": None},
    "initial type": lambda code, text: {**DULL_TYPE, "initial_type": code or text},
    "modifier": lambda code, text: {**DULL_TYPE, "type_modifier": text or code},
    "offence": lambda code, text: {**DULL_TYPE, "offenses": (text or code,)},
    "disposition": lambda code, text: {**DULL_TYPE, "dispositions": (text or code,)},
}
JUDGED = (judged("incident_type", "NOISE", "Noise complaint"), judged("dispositions", "HAN"))


def allowing_all(*entries):
    """Return a live agency whose settings allow every type, with these words judged and no others."""
    everything = IncidentType(codes=("*",), description="Everything there is")
    return agency(incident_types=(everything,), sensitive_types=frozenset(), judgements=Judgements((*JUDGED, *entries)))


@pytest.mark.parametrize("field", VALUES)
def test_what_nobody_has_judged_is_never_texted_whatever_it_says(field, capsys):
    """Every entry, sensitive or dull: all of them are new words to an agency that has judged one type."""
    judging = allowing_all()
    told = [row for row in entries("") if row["code"] or row["description"]]
    texted = [
        f"{row['code']} {row['description']}"
        for row in told
        if normal(row["code"] or row["description"]) not in {"noise", "noise complaint"}
        and not incident_bar(incident(update(NOW, "x", **VALUES[field](row["code"], row["description"]))), judging)
    ]

    assert figure(f"texted without a judgement, as {field}", texted, len(told), capsys) == 0


def careless(row):
    """Yield what an agency writes that judges an entry dull in every field, without a reason."""
    fields = ("type_modifier", "offenses", "dispositions")
    yield {"field": "incident_type", "value": row["code"] or row["description"], "meaning": row["description"]}
    yield from ({"field": field, "value": row["description"], "meaning": row["description"]} for field in fields)


def test_one_person_alone_judges_no_sensitive_word_dull(capsys):
    told = [told for row in entries("S:") for told in careless(row)]
    taken = []
    for each in told:
        with contextlib.suppress(ValueError):
            taken.append(Judgement(**each, verdicts=frozenset({"dull"}), judged_by=("Supervisor Ruiz",)).name)

    assert figure("sensitive, judged dull by one person", taken, len(told), capsys) == 0


def test_two_careless_people_are_stopped_by_the_word_lists(capsys):
    """Without a reason they can't let a word go that the lists know; those that the lists miss are printed."""
    told = [each for row in entries("S:") if row["description"] for each in careless(row)]
    dull = [judged(each["field"], each["value"], each["meaning"]) for each in told]
    let_go = [f"{each.field}: {each.name}" for each in dull if unfounded(each, AGENCY) is None]
    distinct = {(each.field, normal(each.value), normal(each.meaning)): each for each in dull}
    judging = allowing_all(*(each for each in distinct.values() if each.value != "NOISE"))
    texted = [
        f"{name}: {row['code']} {row['description']}"
        for row in entries("S:")
        for name, told_as in VALUES.items()
        if row["description"]
        and not incident_bar(incident(update(NOW, "x", **told_as(row["code"], row["description"]))), judging)
    ]

    assert figure("sensitive, judged dull by two without a reason", let_go, len(dull), capsys) <= MOST_MISSED
    total = len([row for row in entries("S:") if row["description"]]) * len(VALUES)
    assert figure("the same, texted about", texted, total, capsys) <= MOST_MISSED
