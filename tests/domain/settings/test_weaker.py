"""What a publisher is told before other settings are in force."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.duration import Duration
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.desk import Desk
from chalicelib.domain.settings.identifiers import Identifiers
from chalicelib.domain.settings.identity import IdentityRules
from chalicelib.domain.settings.incident_types import (
    AcknowledgmentRules,
    City,
    IncidentType,
    LanguageWords,
    PriorityRules,
    Retention,
)
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.domain.settings.survey import FollowUpRules
from chalicelib.domain.settings.waiting_mail import WaitingMail
from chalicelib.domain.settings.weaker import weaker
from tests.factories import agency, judged

LIVE = agency(
    sensitive_types=frozenset({"SPECIAL"}),
    never_types=frozenset({"VIP"}),
    institutional_numbers=frozenset({"+13035550142"}),
)
SHADOW = replace(LIVE, mode="shadow")


def desk(**says):
    return replace(LIVE, desk=Desk(**says))


ENDS = {
    "shadow ends: people": (SHADOW, LIVE),
    "silence gets shorter": (LIVE, replace(LIVE, silence=Duration(0))),
    "acknowledgment.hold gets shorter": (LIVE, replace(LIVE, acknowledgment=AcknowledgmentRules(hold=Duration(0)))),
    "retention.incidents gets shorter": (LIVE, replace(LIVE, retention=Retention(incidents=Duration(days=100)))),
    "sensitive_types no longer has SPECIAL": (LIVE, replace(LIVE, sensitive_types=frozenset())),
    "never_types no longer has VIP": (LIVE, replace(LIVE, never_types=frozenset())),
    "institutional_numbers no longer": (LIVE, replace(LIVE, institutional_numbers=frozenset())),
    "shadow ends for kind survey": (replace(LIVE, shadow_kinds=frozenset({Kind.SURVEY})), LIVE),
    "desk.roles gives watch, words to 'Staff'": (LIVE, desk(roles={"Staff": (Role.WORDS, Role.WATCH)})),
    "desk.roles gives records to 'Staff'": (
        desk(roles={"Staff": (Role.WATCH,)}),
        desk(roles={"Staff": (Role.WATCH, Role.RECORDS)}),
    ),
    "desk.idle gets longer: 10m becomes 30m": (desk(idle=Duration(minutes=10)), LIVE),
    "desk.wall gets longer: 1d becomes 7d": (desk(wall=Duration(days=1)), LIVE),
    "desk.longest gets longer: 8h becomes 12h": (desk(longest=Duration(hours=8)), LIVE),
    "desk.methods lets people in who signed in by other ways than mfa": (desk(methods=("mfa",)), LIVE),
    "desk.mail.to tells b@pd.example how much waits for standards": (
        desk(mail=WaitingMail(to={Role.STANDARDS: ("a@pd.example",)})),
        desk(mail=WaitingMail(to={Role.STANDARDS: ("a@pd.example", "b@pd.example")})),
    ),
    "mass_call is higher: 5 becomes 6": (LIVE, replace(LIVE, mass_call=6)),
    "override_sensitive lets": (
        LIVE,
        replace(LIVE, incident_types=tuple(replace(one, override_sensitive=True) for one in LIVE.incident_types)),
    ),
}


@pytest.mark.parametrize(("said", "settings"), ENDS.items(), ids=ENDS)
def test_what_ends_is_said_and_the_way_back_ends_nothing(said, settings):
    before, after = settings

    (line,) = weaker(before, after)
    assert line.startswith(said)
    assert weaker(after, before) == ()


NOISE, LOUD = judged("incident_type", "NOISE", "Noise complaint"), judged("incident_type", "LOUD", "Loud party")
FIGHT = judged("incident_type", "FIGHT", "Fight", "sensitive")


def judging(*entries):
    return replace(LIVE, judgements=Judgements(entries))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([NOISE], [NOISE, LOUD], "judgements hold back less of LOUD = Loud party"),
        ([NOISE, FIGHT], [NOISE], "judgements no longer hold FIGHT = Fight as sensitive"),
        ([FIGHT], [judged("incident_type", "FIGHT", "Fight")], "judgements hold back less of FIGHT = Fight"),
        ([FIGHT], [judged("incident_type", "FIGHT", "Fight", "never")], "judgements hold back less of FIGHT = Fight"),
        (
            [judged("incident_type", "NOISE", "Noise complaint", "after_close")],
            [NOISE],
            "judgements hold back less of NOISE = Noise complaint",
        ),
        (
            [],
            [judged("type_modifier", f"LOUD {letter}") for letter in "ABCDEFG"],
            "judgements hold back less of LOUD A, LOUD B, LOUD C, LOUD D, LOUD E and 2 more",
        ),
    ],
)
def test_judgements_that_hold_back_less_are_named(before, after, said):
    assert weaker(judging(*before), judging(*after)) == (said,)


def coded(*entries, **meanings):
    return replace(judging(*entries), code_list=meanings)


NOISY, SHOTS = judged("incident_type", "N", "Noise"), judged("incident_type", "N", "Shots", "never")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            judging(judged("incident_type", "FAM", "Family fight")),
            judging(judged("incident_type", "FAM", "Family fight", reason="a street")),
            "judgements hold back less of FAM = Family fight",
        ),
        (judging(NOISY, SHOTS), judging(NOISY), "judgements no longer hold N = Shots back"),
        (
            judging(NOISY, judged("incident_type", "N", "Family fight")),
            judging(NOISY),
            "judgements no longer hold N = Family fight back",
        ),
        (judging(judged("dispositions", "HAN")), judging(), "dispositions need no judgement any more"),
        (coded(NOISY, N="Family fight"), coded(NOISY, N="Noise"), "code_list says something else of N"),
        (coded(NOISY, N="Family fight"), coded(NOISY), "code_list says something else of N"),
        (coded(NOISY, SHOTS), coded(NOISY, SHOTS, N="Noise"), "code_list says something else of N"),
    ],
)
def test_whatever_lets_a_judged_word_go_is_named(before, after, said):
    (line,) = weaker(before, after)
    assert line.startswith(said)


def test_a_code_list_that_only_grows_or_speaks_of_silent_codes_ends_nothing():
    assert weaker(coded(NOISY), coded(NOISY, N="Noise")) == ()
    assert weaker(coded(FIGHT, FIGHT="Fight"), coded(FIGHT, FIGHT="Fight at a home")) == ()


def city(*beats, **more):
    return City(beats=beats, name="Elm", short_name="Elm PD", **more)


def kind_of_call(code, **more):
    return IncidentType(codes=(code,), description="Calls", **more)


NOW_AT_ONCE = AcknowledgmentRules(hold=Duration(0))
SENT = {
    "beats are no longer of the city": [
        (replace(LIVE, cities=(city("1*", mode="shadow"),)), LIVE),
        (replace(LIVE, cities=(city("1*", mode="shadow"),)), replace(LIVE, cities=(city("10", mode="shadow"),))),
        (
            replace(LIVE, cities=(city("1*", mode="shadow"), city("10"))),
            replace(LIVE, cities=(city("10"), city("1*", mode="shadow"))),
        ),
    ],
    "shadow ends for city Elm": [(LIVE, replace(LIVE, cities=(city("1*"),)))],
    "shadow ends for type N1": [
        (
            replace(LIVE, incident_types=(kind_of_call("N1", mode="shadow"), kind_of_call("N*"))),
            replace(LIVE, incident_types=(kind_of_call("N*"),)),
        ),
    ],
    "shadow ends for type *A*": [
        (replace(LIVE, incident_types=(kind_of_call(one),)), replace(LIVE, incident_types=(kind_of_call("*A*"),)))
        for one in ("?A*", "*A", "A", "A?*")
    ],
    "shadow ends for type N in Elm": [
        (
            replace(LIVE, cities=(city("1?"), city("1*", incident_types=()))),
            replace(LIVE, cities=(city("1?"), city("1*", incident_types=(kind_of_call("N"),)))),
        ),
    ],
    "acknowledgment.hold gets shorter for N": [
        (
            replace(LIVE, incident_types=(kind_of_call("N"),)),
            replace(LIVE, incident_types=(kind_of_call("N", acknowledgment=NOW_AT_ONCE),)),
        ),
        (
            replace(LIVE, incident_types=(kind_of_call("N"),)),
            replace(
                LIVE,
                incident_types=(kind_of_call("N"),),
                priorities={"3": PriorityRules(acknowledgment=NOW_AT_ONCE)},
            ),
        ),
    ],
    "highest_priorities no longer has": [(LIVE, replace(LIVE, highest_priorities=frozenset()))],
    "identifiers lets other numbers be read": [
        (replace(LIVE, identifiers=Identifiers(case="C-[0-9]+")), LIVE),
        (LIVE, replace(LIVE, identifiers=Identifiers(longest=40))),
    ],
    "identity.cad no longer holds calls back": [
        (replace(LIVE, identity=IdentityRules(cad="always")), LIVE),
    ],
    "alerts of danger no longer go to": [
        (replace(LIVE, survey=replace(LIVE.survey, follow_up=FollowUpRules(alerts="desk@agency.example"))), LIVE),
    ],
}


@pytest.mark.parametrize(("said", "before", "after"), [(said, *pair) for said, pairs in SENT.items() for pair in pairs])
def test_whatever_is_sent_by_another_setting_than_the_mode_is_named(said, before, after):
    (line,) = weaker(before, after)
    assert line.startswith(said)


def test_an_override_in_a_city_behind_another_is_named():
    lets = kind_of_call("DV", override_sensitive=True, mode="shadow")
    before = replace(LIVE, cities=(city("1?"), city("1*", incident_types=())))

    after = replace(LIVE, cities=(city("1?"), city("1*", incident_types=(lets,))))
    assert weaker(before, after) == ("override_sensitive lets DV be texted",)


def test_a_city_or_type_that_goes_back_to_shadow_is_a_brake():
    quiet = replace(LIVE, cities=(city("1*", mode="shadow"),))
    assert weaker(LIVE, quiet) == ()
    assert weaker(replace(LIVE, cities=(city("1*"),)), quiet) == ()
    narrower = replace(LIVE, incident_types=LIVE.incident_types[:1])
    assert weaker(LIVE, narrower) == ()


@given(st.permutations([NOISE, LOUD, FIGHT]), st.integers(0, 3))
def test_judging_fewer_values_dull_or_more_of_them_sensitive_ends_nothing(entries, kept):
    fewer = [entry for entry in entries[:kept] if entry.lets] + [FIGHT]

    assert weaker(judging(*entries), judging(*fewer)) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"short_name": "SPD"}, "the agency's name"),
        ({"words": {"en": LanguageWords(sms={"delay": "Officers are late."})}}, "texts and emails"),
        ({"numbers": replace(LIVE.numbers, non_emergency="900-555-0100")}, "the number to call"),
        ({"resources_link": "https://help.example"}, "links"),
        ({"privacy_link": "https://help.example/privacy"}, "links"),
        ({"text_to_911": False}, "whether 911 takes texts"),
        ({"terms_link": "https://help.example/texts"}, "links"),
        ({"survey": replace(LIVE.survey, questions=LIVE.survey.questions[:1])}, "the survey"),
    ],
)
def test_whatever_the_public_reads_takes_two_people_once_it_is_read(changes, said):
    assert weaker(LIVE, replace(LIVE, **changes)) == (f"people read other words: {said}",)
    assert weaker(SHADOW, replace(SHADOW, **changes)) == ()
    assert len(weaker(LIVE, replace(SHADOW, **changes))) == 0


def test_the_same_roles_for_values_of_another_claim_let_others_in():
    roles = {"Staff": (Role.RECORDS,)}

    (line,) = weaker(desk(roles=roles), desk(roles=roles, claim="groups"))
    assert line == "desk.roles gives records to 'Staff'"


def test_another_way_to_sign_in_is_a_lesser_one_and_one_fewer_is_not():
    (line,) = weaker(desk(methods=("mfa", "hwk")), desk(methods=("mfa", "pwd")))
    assert line == "desk.methods lets people in who signed in by other ways than mfa, hwk"
    assert not weaker(desk(methods=("mfa", "hwk")), desk(methods=("hwk", "mfa")))
    assert not weaker(desk(methods=("mfa", "hwk")), desk(methods=("hwk",)))


def test_the_first_settings_end_nothing_but_that_nobody_is_texted():
    assert weaker(None, SHADOW) == ()
    assert len(weaker(None, LIVE)) == 1
    assert weaker(LIVE, LIVE) == ()
