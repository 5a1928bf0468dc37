"""The floor's words are found however they are spelled, in any order and any field, in linear time."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.incidents.release import Release
from chalicelib.domain.notifications import sensitive_words, spelling
from chalicelib.domain.notifications.safety import sensitive_because
from tests.factories import NOW, after, agency, incident, update

AGENCY = agency(sensitive_types=frozenset(), highest_priorities=frozenset())
DULL_TYPE = {"incident_type": "NOISE", "incident_type_description": "Noise complaint"}

SPOKEN = (
    """
Family disturbance|Domestic dispute|Dating quarrel|Protection order violation|Child custody|Stalking report
Telephone harassment|Sexual battery|Indecent exposure|Human trafficking|Missing juvenile|Suicide attempt
Mental health crisis|Dead person|Shots fired|Man with knife|Armed robbery|Simple assault|Elder abuse|Runaway juvenile
Riña familiar|Orden de protección|Agresión sexual|Persona desaparecida|Persona con cuchillo|Maltrato infantil
Violación de menor|Crisis nerviosa|Trata de personas|Adulto mayor golpeado
""".strip()
    .replace("\n", "|")
    .split("|")
)

RESPELL = {
    "joined": "".join,
    "camel": lambda words: "".join(word.capitalize() for word in words),
    "percent": "%20".join,
    "underscore": "_".join,
    "dash": "–".join,
    "bullet": "•".join,
    "line": "\u2028".join,
    "turned": lambda words: ", ".join(reversed(words)),
    "upper": lambda words: " ".join(words).upper(),
    "entities": lambda words: "&nbsp;".join(words).replace("ó", "&oacute;").replace("ñ", "&ntilde;"),
    "mojibake": lambda words: " ".join(words).encode().decode("cp1252"),
    "question": lambda words: " ".join(words).encode("ascii", "replace").decode(),
    "replaced": lambda words: "".join(each if each.isascii() else "\ufffd" for each in " ".join(words)),
    "dropped": lambda words: " ".join(words).encode("ascii", "ignore").decode(),
}


def reason(**told):
    return sensitive_because(incident(update(NOW, "x", **told)), AGENCY)


@pytest.mark.parametrize("spell", RESPELL)
@pytest.mark.parametrize("phrase", SPOKEN)
@pytest.mark.parametrize("field", ["incident_type_description", "type_modifier", "initial_type", "offenses"])
def test_a_phrase_is_found_however_it_is_spelled(phrase, spell, field):
    told = RESPELL[spell](phrase.split())

    assert reason(**{**DULL_TYPE, field: (told,) if field == "offenses" else told})


@pytest.mark.parametrize("phrase", SPOKEN)
def test_a_phrase_is_found_when_it_is_spread_over_fields(phrase):
    first, *rest = phrase.split()

    assert reason(incident_type=first, type_modifier=" ".join(rest))


def test_words_of_two_fields_name_both():
    said = reason(incident_type="FAMILY", type_modifier="DISTURBANCE")

    assert said == "incident_type, type_modifier: family disturbance"


def test_words_of_two_updates_count_together():
    merged = incident(update(NOW, "x", incident_type="FAMILY"), update(after(1), "y", incident_type="DISTURBANCE"))

    assert sensitive_because(merged, AGENCY)


@pytest.mark.parametrize(
    "text",
    [
        "PROTECTION ORDE",
        "VIOLATION OF RESTRAI",
        "DISTURBANCE DOMES",
        "PERSON WITH WEAPO",
        "THREATENING SUICI",
        "STREET FIGH",
    ],
)
def test_a_word_that_is_cut_at_the_end_is_read(text):
    assert reason(**DULL_TYPE, type_modifier=text)


@pytest.mark.parametrize(
    "code",
    ["JUVRUN", "ASSLTW", "DVNA", "FAMDIST", "DOMX", "SUICTHRT", "MISPER", "MIS-PER", "M.H.", "D/V", "STLKNG", "RUNAWY",
     "MHMR", "VRO", "415F", "415DV", "DOMVIOL", "GUNX", "MNTL", "KDNP", "HMCD", "WPNS"],
)  # fmt: skip
def test_an_abbreviation_is_read(code):
    assert reason(incident_type=code)


@pytest.mark.parametrize("code", ["10-16", "1016", "10-96", "918", "415F", "914S", "11-44"])
def test_a_radio_code_counts_where_nothing_says_what_it_means(code):
    assert reason(incident_type=code)
    assert reason(incident_type=code, incident_type_description="Parking complaint") is None


@pytest.mark.parametrize("code", ["0912", "1101", "1313", "3605", "5203"])
def test_a_class_of_the_ncic_is_known_among_offences(code):
    assert reason(offenses=(code,)) == f"offenses: {code}"
    assert reason(incident_type_description=f"NOISE {code}") is None


@pytest.mark.parametrize(
    "text",
    ["DEAD ANIMAL PICKUP", "MISSING PROPERTY", "DEBIT CARD ABUSE", "CIVIL UNREST NON-VIOLENT", "ESSEX STREET",
     "SCRAPED CAR", "WELDER ON SITE", "STRANGE NOISE", "SHOUTING", "IMPERSONATION", "FLOODING", "TASK FORCE", "TRAFFIC",
     "ABANDONED AUTO", "DOMINION ST", "ENVIRONMENTAL", "BAKERY ALARM", "PROTEST MARCH", "ORDINANCE VIOLATION",
     "PARKING VIOLA", "DRIVE OVER", "JACKKNIFED TRUCK", "Robo de vehículo sin violencia",
     "Perro extraviado", "Violación de tránsito"],
)  # fmt: skip
def test_a_dull_look_alike_is_not(text):
    assert reason(**DULL_TYPE, type_modifier=text) is None


@pytest.mark.parametrize(
    "text",
    ["DEAD ANIMAL, DEAD PERSON", "DOG OWNER FOUND DEAD", "MISSING PERSON VEHICLE", "ALARM, SUBJECT ARMED",
     "CUSTODY DISPUTE", "MISSING CHILD PROPERTY", "UNATTENDED CHILD VEHICLE", "Robo sin violencia, agresión"],
)  # fmt: skip
def test_a_dull_phrase_hides_no_other_word(text):
    assert reason(**DULL_TYPE, type_modifier=text)


def test_a_release_does_not_excuse_a_word_that_comes_to_one_that_it_knew():
    known = incident(update(NOW, "x", incident_type="FAMILY"))
    released = known.release(Release(what="sensitive", author="R. Lead", reason="no dispute", at=after(1)))

    assert sensitive_because(released, AGENCY) is None
    assert sensitive_because(released.merge(update(after(2), "y", type_modifier="DISTURBANCE")), AGENCY)


def test_a_release_excuses_words_that_were_sensitive_together():
    known = incident(update(NOW, "x", incident_type="FAMILY", type_modifier="DISTURBANCE"))
    released = known.release(Release(what="sensitive", author="R. Lead", reason="no dispute", at=after(1)))

    assert sensitive_because(released, AGENCY) is None


WORDS = st.sampled_from(
    ["FAMILY", "DISTURBANCE", "DEAD", "ANIMAL", "ORDER", "PROTECTION", "NOISE", "PARKING", "EX", "WIFE"]
)
TEXTS = st.lists(WORDS, max_size=3).map(" ".join)


@given(TEXTS, TEXTS, TEXTS)
def test_no_other_field_lifts_what_one_says(one, other, third):
    alone = reason(type_modifier=one)
    both = reason(type_modifier=one, initial_type=other, incident_type_description=third)

    assert both or not alone


@given(st.text(max_size=80))
def test_any_text_is_read(text):
    found = sensitive_words.first(text)

    assert found is None or found.words


UNITS = ["famil", "a ", "dom", "a?", "?", "xY", "d v ", "assault", "dead animal ", "%C3", "zz", "aeiou", "order of "]


@pytest.mark.parametrize("unit", UNITS)
def test_the_time_grows_with_the_length_and_with_nothing_else(unit):
    short, long = (steps(unit * (size // len(unit) + 1)) for size in (2_000, 8_000))

    assert long <= 6 * short + 20_000


def steps(text):
    """Count the calls that reading a text takes, with nothing remembered."""
    for cached in (sensitive_words.sets_in, sensitive_words._known, sensitive_words._guessed, spelling.skeleton):
        cached.cache_clear()
    sensitive_words.first("")
    counted = 0

    def count(*_):
        nonlocal counted
        counted += 1

    sys.setprofile(count)
    try:
        sensitive_words.first(text)
    finally:
        sys.setprofile(None)
    return counted
