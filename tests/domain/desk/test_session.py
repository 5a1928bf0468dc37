"""How long a session counts, and what it may do."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import BUNDLES, GRAVE, WATCHES, Permission, Role, permitted
from chalicelib.domain.desk.session import (
    WIDEST,
    Limits,
    Session,
    fresh,
    limits_for,
    permissions_of,
    proven,
    standing,
)
from chalicelib.domain.duration import Duration
from chalicelib.domain.settings.desk import Desk, desk_problems, roles_of
from tests.factories import NOW, after

SESSION = Session(
    hash="a" * 64,
    issuer="https://id.example",
    subject="ann",
    began_at=NOW,
    acted_at=NOW,
    signed_in_at=NOW,
    groups={"roles": ("Watch",)},
)
minutes = st.integers(0, 24 * 60).map(lambda number: timedelta(minutes=number))
durations = st.integers(0, 24 * 60).map(lambda number: Duration(minutes=number))
walls = st.integers(0, 9 * 24).map(lambda number: Duration(hours=number))
limits = st.builds(Limits, idle=durations, longest=durations, wall=walls)
ORDER = ["open", "locked", "ended"]


@given(limits, limits, minutes, minutes, st.booleans())
def test_nothing_makes_a_session_wider_than_the_widest(given_limits, own, acted, later, wall):
    """CJIS Security Policy: locked after at most 30 minutes without an act (AC-11), ended after at most 12 hours.

    A wall screen, which shows no person and can do nothing, ends after at most a week.
    """
    session = replace(SESSION, limits=own, acted_at=NOW + acted, wall=wall)
    now = NOW + acted + later

    how = standing(session, given_limits, now)

    if how != "ended" and wall:
        assert now - NOW < min(timedelta(days=7), own.wall, given_limits.wall)
    elif how != "ended":
        assert now - NOW < min(timedelta(hours=12), own.longest, given_limits.longest)
    if how == "open" and not wall:
        assert later < min(timedelta(minutes=30), own.idle, given_limits.idle)


@given(limits, minutes, minutes)
def test_time_alone_never_opens_a_session(given_limits, one, more):
    first, second = (standing(SESSION, given_limits, NOW + each) for each in (one, one + more))

    assert ORDER.index(first) <= ORDER.index(second)


@pytest.mark.parametrize(
    ("after_minutes", "how"), [(0, "open"), (29.99, "open"), (30, "locked"), (719, "locked"), (720, "ended")]
)
def test_the_limits_count_to_the_instant(after_minutes, how):
    assert standing(SESSION, WIDEST, after(after_minutes)) == how


def test_a_wall_board_does_not_lock_and_ends():
    wall = replace(SESSION, wall=True)

    assert [standing(wall, WIDEST, after(at)) for at in (7 * 24 * 60 - 1, 7 * 24 * 60)] == ["open", "ended"]


def test_a_session_of_the_future_is_none():
    assert [standing(SESSION, WIDEST, after(at)) for at in (-2, -3)] == ["open", "ended"]


@pytest.mark.parametrize(
    ("signed_in_at", "is_fresh"), [(NOW, True), (after(-29.9), True), (after(-30), False), (None, False)]
)
def test_what_is_grave_asks_for_a_proof_of_the_last_half_hour(signed_in_at, is_fresh):
    assert fresh(replace(SESSION, signed_in_at=signed_in_at), NOW) is is_fresh


def test_a_pseudonym_leads_back_to_no_cookie():
    assert len(SESSION.pseudonym) == 12
    assert SESSION.pseudonym not in SESSION.hash
    assert SESSION.pseudonym != replace(SESSION, hash="b" * 64).pseudonym


roles = st.frozensets(st.sampled_from(Role))


@given(roles, roles)
def test_roles_add_up_and_nothing_else_does(some, more):
    assert permitted(some | more) == permitted(some) | permitted(more)
    assert permitted(()) == {Permission.ANYBODY, Permission.SIGNED_IN}


def test_every_permission_is_in_a_bundle_and_every_role_has_one():
    assert set(BUNDLES) == set(Role)
    assert frozenset[Permission]().union(*BUNDLES.values()) == set(Permission) - permitted(())


PERSONS = {permission for permission in Permission if permission.startswith("person.")}


def test_the_bundles_are_those_of_the_design():
    def has(permission):
        return {role for role, bundle in BUNDLES.items() if permission in bundle}

    assert BUNDLES[Role.AUDITOR] == {Permission.LEDGER_READ}
    assert has(Permission.LEDGER_READ) == {Role.AUDITOR}
    assert has(Permission.ALLEGATIONS_SEE) == {Role.STANDARDS}
    assert not BUNDLES[Role.ADMIN] & {*PERSONS, Permission.INCIDENT_SEE, Permission.COMMENTS_READ}
    assert not BUNDLES[Role.WATCH] & {*PERSONS, Permission.INCIDENT_SEE}
    assert has(Permission.PAUSE) == has(Permission.RELEASE) == {Role.SUPERVISOR}
    assert has(Permission.PERSON_ERASE) == has(Permission.PERSON_EXPORT) == {Role.RECORDS}
    assert has(Permission.PUBLISH) == has(Permission.REVIEW) == {Role.APPROVER}
    assert has(Permission.DRAFT_EDIT) == {Role.WORDS}
    assert has(Permission.SESSIONS_MANAGE) == {Role.ADMIN}


def test_nobody_alone_may_draft_and_publish_by_one_bundle():
    assert not any({Permission.DRAFT_EDIT, Permission.PUBLISH} <= bundle for bundle in BUNDLES.values())


def test_what_shows_or_ends_a_person_what_the_public_reads_and_who_may_post_is_grave():
    of_people = {"person.reveal", "person.call_back", "person.export", "person.erase"}

    assert {permission.value for permission in GRAVE} == {*of_people, "publish", "report.release", "keys.manage"}


DESK = Desk(roles={"Watch": (Role.WATCH, Role.RECORDS), "Words": (Role.WORDS,)})


class TestPermissionsOf:
    def test_they_are_those_of_the_settings_in_force(self):
        assert permissions_of(SESSION, DESK) == permitted([Role.WATCH, Role.RECORDS])
        assert permissions_of(SESSION, Desk()) == permitted(())

    def test_a_value_of_another_claim_gives_nothing(self):
        """A claim that people write themselves must not stand for the one that the provider's admin writes."""
        assert permissions_of(SESSION, replace(DESK, claim="groups")) == permitted(())

    def test_values_count_to_the_letter(self):
        near = replace(SESSION, groups={"roles": ("watch", "Watch ", "WATCH", "Watch,Words")})

        assert permissions_of(near, DESK) == permitted(())

    @pytest.mark.parametrize(("had", "enough"), [((), False), (("pwd",), False), (("pwd", "mfa"), True)])
    def test_a_lesser_sign_in_gives_no_role(self, had, enough):
        strict, session = replace(DESK, methods=("mfa", "hwk")), replace(SESSION, methods=had)

        assert proven(session, strict) is enough
        assert (Permission.BOARD_SEE in permissions_of(session, strict)) is enough

    def test_a_wall_board_watches_whatever_roles_its_person_has(self):
        wall = replace(SESSION, wall=True, groups={"roles": ("Watch", "Words")})

        assert permissions_of(wall, DESK) == WATCHES | permitted(())
        assert permissions_of(replace(wall, groups={}), DESK) == permitted(())

    @given(roles)
    def test_a_wall_board_never_sees_a_person(self, some):
        wall = replace(SESSION, wall=True)

        assert not permissions_of(wall, Desk(roles={"Watch": tuple(some)} if some else {})) & {*PERSONS, *GRAVE}


def test_the_tightest_limits_are_of_agencies_where_somebody_has_a_role():
    tight = replace(DESK, idle=Duration(minutes=5), longest=Duration(hours=1))
    stranger = Desk(roles={"Others": (Role.WATCH,)}, idle=Duration(minutes=1))

    assert limits_for(SESSION.groups, [DESK, stranger]) == WIDEST
    assert limits_for(SESSION.groups, [DESK, tight, stranger]) == Limits(idle=tight.idle, longest=tight.longest)


class TestSettings:
    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({}, None),
            ({"idle": Duration(minutes=1), "longest": Duration(minutes=1)}, None),
            ({"idle": Duration(minutes=31)}, "desk.idle: 31m is not between 1m and 30m: it may only be tightened"),
            ({"longest": Duration(hours=13)}, "desk.longest: 13h is not between 1m and 12h: it may only be tightened"),
            ({"wall": Duration(days=8)}, "desk.wall: 8d is not between 1m and 7d: it may only be tightened"),
            ({"idle": Duration(seconds=59)}, "desk.idle: 59s is not between"),
            ({"longest": Duration(minutes=10)}, "desk.idle: 30m is longer than desk.longest, 10m"),
            ({"roles": {"Staff": ()}}, "desk.roles: 'Staff' has no role"),
        ],
    )
    def test_limits_may_only_be_tightened(self, changes, problem):
        found = next(iter(desk_problems(replace(Desk(), **changes))), None)

        assert found == problem or found.startswith(problem)

    def test_several_values_add_up(self):
        assert roles_of({"roles": ("Words", "x", "Watch")}, DESK) == {Role.WATCH, Role.RECORDS, Role.WORDS}
