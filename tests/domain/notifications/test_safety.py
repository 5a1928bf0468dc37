import pytest

from chalicelib.domain.incidents.release import Release
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.notifications.safety import guarded, never, sensitive_because, welfare
from chalicelib.domain.settings.judgements import Judgements
from tests.factories import NOW, after, agency, incident, judged, update

AGENCY = agency(sensitive_types=frozenset(), highest_priorities=frozenset())

SENSITIVE_WORDS = (
    """
DV IN PROGRESS|415DV|DVP|DISTURBANCE - DV - NO ASLT|Domestic dispute|DOM VIOL|FAMILY VIOLENCE|Violencia doméstica
violencia intrafamiliar|RAPE|SEX OFFENSE|LEWD CONDUCT|INDECENT EXPOSURE|violación|CHILD ABUSE/NEGLECT|ELDER ABUSE
JUVENILE PROBLEM|niño perdido|CHILD CUSTODY|CUSTODY DISPUTE|SUICIDAL SUBJECT|suicidio|OVERDOSE|MENTAL HEALTH|PSYCH EVAL
CRISIS COMPLAINT|5150|EDP|STALKING|HARASSMENT|HARAS - NO BIAS|acoso|RESTRAINING ORDER|PROTECTION ORDER VIOLATION
ORDER OF PROTECTION|orden de alejamiento|TRO VIOLATION|HUMAN TRAFFICKING|KIDNAPPING|secuestro|MISSING PERSON
persona desaparecida|RUNAWAY|AMBER ALERT|DOA|DEAD BODY|DEATH INVESTIGATION|HOMICIDE|muerte|CORONER CASE|SHOTS FIRED
SHOOTING|tiroteo|GUN CALL|WEAPON|PERSON W/KNIFE|STABBING|ASSAULT|ASLT|AGGRAVATED|FIGHT|agresión|pelea|arma de fuego
PROPERTY - DAMAGE (GUN RELATED)|ARMED ROBBERY|apuñalado|disparos
""".replace("\n", "|")
    .strip("|")
    .split("|")
)

DULL_WORDS = (
    """
NOISE COMPLAINT|PARKING VIOLATION|VEHICLE THEFT, COLD|TRAFFIC HAZARD|VANDALISM|NON-INJURY CRASH|FRAUD|LOST PROPERTY
TRESPASS|SUSPICIOUS VEHICLE|SHOPLIFT|ABANDONED VEHICLE|LOUD PARTY|ILLEGAL DUMPING|BURGLARY REPORT|MINOR CRASH
ruido excesivo|robo de vehículo|estacionamiento
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


def reason(**told):
    return sensitive_because(incident(update(NOW, "x", **told)), AGENCY)


@pytest.mark.parametrize("words", SENSITIVE_WORDS)
@pytest.mark.parametrize("field", ["incident_type_description", "type_modifier", "initial_type"])
def test_a_sensitive_word_is_found_in_any_field(words, field):
    assert reason(**{field: words})


@pytest.mark.parametrize("words", DULL_WORDS)
def test_a_dull_word_is_not_sensitive(words):
    assert reason(incident_type_description=words) is None


@pytest.mark.parametrize(
    "code", ["245", "PC 273.5", "646", "646R", "5150V", "647(f)", "647A", "187", "AU245", "243(e)(1)"]
)
def test_a_code_that_says_nothing_is_known(code):
    assert reason(incident_type=code)


@pytest.mark.parametrize("code", ["415", "2450", "459R", "10851", "20002", "586"])
def test_another_code_is_not(code):
    assert reason(incident_type=code) is None


@pytest.mark.parametrize("code", ["13A", "11D", "36B", "09A", "64A", "100"])
def test_an_offence_against_a_person_is_sensitive(code):
    assert reason(offenses=(code,)) == f"offenses: {code}"


@pytest.mark.parametrize("code", ["23F", "220", "290", "35A"])
def test_an_offence_against_property_is_not(code):
    assert reason(offenses=(code,)) is None


def test_the_reason_names_the_field_and_the_word():
    assert reason(type_modifier="With Gun") == "type_modifier: gun"


def test_an_agencys_own_list_counts():
    merged = incident(update(NOW, "x", incident_type="P7"))

    assert sensitive_because(merged, agency(sensitive_types=frozenset({"P7"}))) == "incident_type: P7"


@pytest.mark.parametrize(("listed", "told"), [("p7", "P7"), ("DOG - BITE", "Dog Bite"), ("P7", " P7 ")])
def test_an_agencys_own_list_is_read_without_regard_to_case_and_spaces(listed, told):
    merged = incident(update(NOW, "x", incident_type=told))

    assert sensitive_because(merged, agency(sensitive_types=frozenset({listed})))


@pytest.mark.parametrize("field", ["initial_type", "type_modifier"])
def test_a_code_is_known_in_any_field(field):
    assert reason(**{field: "245"})


def test_a_number_in_a_description_is_a_number():
    assert reason(incident_type_description="NOISE AT UNIT 245") is None


def test_what_cannot_be_judged_is_marked():
    many = incident(*(update(NOW, f"u{n}", incident_type=f"T{n}") for n in range(200)))

    assert many.overfull


def test_a_code_means_the_same_in_either_case():
    merged = incident(update(NOW, "x", incident_type="sb9"))

    assert sensitive_because(merged, agency(code_list={"SB9": "Domestic dispute"}))


@pytest.mark.parametrize(
    "words",
    ["BURGLARY IN PROGRESS", "INPROG", "crash with injuries", "MEDICAL AID", "AMBULANCE", "911 HANG UP", "OPEN LINE"],
)
def test_what_could_do_harm_waits_for_closing(words):
    assert guarded(incident(update(NOW, "x", incident_type_description=words)), AGENCY)


@pytest.mark.parametrize("words", ["CRASH, NO INJURIES", "NON-INJ", "UNINJURED", "NOT IN PROGRESS", "NOISE"])
def test_what_could_not_does_not(words):
    assert not guarded(incident(update(NOW, "x", incident_type_description=words)), AGENCY)


@pytest.mark.parametrize("priority", ["1", "P1", "p1"])
def test_the_most_urgent_priority_waits_too(priority):
    assert guarded(incident(update(NOW, "x", priority=priority)), agency())
    assert not guarded(incident(update(NOW, "x", priority="3")), agency())


@pytest.mark.parametrize("words", ["WELFARE CHECK", "CHECK ON ELDERLY", "KEEP THE PEACE", "CIVIL STANDBY", "bienestar"])
def test_welfare_is_known(words):
    assert welfare(incident(update(NOW, "x", incident_type_description=words)), AGENCY)


def test_evidence_without_words_is_none():
    assert Evidence("incident_type") not in update(NOW, "x", incident_type=None).evidence


def test_the_agencys_code_list_says_what_a_code_means():
    merged = incident(update(NOW, "x", incident_type="SB9"))

    assert sensitive_because(merged, AGENCY) is None
    assert sensitive_because(merged, agency(code_list={"SB9": "Stalking"})) == "incident_type: stalking"


def test_a_pattern_lists_many_sensitive_types():
    merged = incident(update(NOW, "x", incident_type="fam-12"))

    assert sensitive_because(merged, agency(sensitive_types=frozenset({"FAM-*"}))) == "incident_type: fam-12"


def test_a_type_that_gets_nothing_before_closing_or_ever_counts_whichever_update_used_it():
    merged = incident(update(NOW, "x", incident_type="ALARM-2"), update(after(1), "y", incident_type="NOISE"))

    assert guarded(merged, agency(after_close_types=frozenset({"ALARM-?"})))
    assert never(merged, agency(never_types=frozenset({"ALARM*"}))) == "ALARM-2"
    assert never(merged, AGENCY) is None


def test_a_reason_excuses_from_the_word_lists_and_not_from_the_agencys_own():
    merged = incident(update(NOW, "x", incident_type="ALARM-2", incident_type_description="Gun shop"))
    with_reason = Judgements((judged("incident_type", "ALARM-2", "Gun shop", reason="The shop at the corner"),))

    assert sensitive_because(merged, agency())
    assert sensitive_because(merged, agency(judgements=with_reason)) is None
    assert sensitive_because(merged, agency(judgements=with_reason, sensitive_types=frozenset({"ALARM*"})))


def test_a_release_excuses_what_was_known_and_nothing_that_comes_later():
    merged = incident(update(NOW, "x", incident_type_description="Domestic dispute"))

    released = merged.release(Release(what="sensitive", author="R. Lead", reason="typed by mistake", at=after(1)))

    assert sensitive_because(released, AGENCY) is None
    assert sensitive_because(released.merge(update(after(2), "y", type_modifier="KNIFE")), AGENCY)
