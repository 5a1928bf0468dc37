"""Real lists of call types, labelled from outside: how much of them the floor's words know, printed with denominators.

`make test` has them only where they stand beside the project; they are not ours.
"""

import csv

import pytest

from chalicelib.domain.notifications.safety import sensitive_because
from tenfour.common.paths import ROOT
from tests.factories import NOW, agency, incident, update

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
