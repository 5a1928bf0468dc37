"""Approval by two: who counts as a person, and what is approved."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.approval import (
    BROKE_OFF_AFTER,
    STEPS,
    WAITS_FOR,
    Act,
    Author,
    NotApproved,
    Proposal,
    Unidentified,
    approve,
    both,
    broken_off,
    digest,
    person_of,
    proposed,
    shown,
    step,
    waiting,
)
from chalicelib.domain.ledger.who import by_desk
from tests.factories import NOW

ACT = Act(agency_id="springfield", what="release", words={"incident": "P26-1"}, of="3", ends=("a silence ends",))
ANN, BEN = "arn:aws:iam::111122223333:user/ann", "arn:aws:iam::111122223333:user/ben"
names = st.from_regex(r"[A-Za-z0-9_+=,.@-]{2,20}", fullmatch=True)
texts = st.text(max_size=8)
acts = st.builds(
    Act,
    agency_id=texts,
    what=texts,
    words=st.dictionaries(texts, texts, max_size=3),
    of=texts,
    ends=st.lists(texts, max_size=3).map(tuple),
)


def proposal(by=ANN):
    return Proposal(act=ACT, by=by, at=NOW, reason="a street's name")


@given(names, names, names)
def test_two_sessions_of_a_role_are_one_person(role, one, other):
    first, second = (f"arn:aws:sts::111122223333:assumed-role/{role}/{name}" for name in (one, other))

    assert person_of(first) == person_of(second)
    with pytest.raises(NotApproved):
        approve(proposal(first), ACT, second, NOW)


@given(names, names)
def test_a_session_is_its_role_whatever_the_roles_path(role, session):
    role_arn = f"arn:aws-us-gov:iam::111122223333:role/staff/{role}"

    assert person_of(f"arn:aws-us-gov:sts::111122223333:assumed-role/{role}/{session}") == person_of(role_arn)


@given(names, names)
def test_a_user_and_a_role_are_two_even_of_one_name(one, other):
    user, role = f"arn:aws:iam::111122223333:user/{one}", f"arn:aws:sts::111122223333:assumed-role/{one}/{other}"

    assert approve(proposal(user), ACT, role, NOW) == person_of(role) != person_of(user)


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "ann",
        "arn:aws:iam::111122223333:root",
        "arn:aws:sts::111122223333:federated-user/ann",
        f"{ANN}\n",
        "arn:aws:sts::111122223333:assumed-role/staff",
    ],
)
def test_who_can_not_be_told_approves_nothing(arn):
    with pytest.raises(Unidentified):
        approve(proposal(), ACT, arn, NOW)


@given(st.timedeltas(timedelta(-2), timedelta(3)))
def test_a_proposal_waits_for_a_day(wait):
    if timedelta() <= wait < WAITS_FOR:
        assert approve(proposal(), ACT, BEN, NOW + wait) == BEN
        return
    with pytest.raises(NotApproved):
        approve(proposal(), ACT, BEN, NOW + wait)


@given(acts, acts)
def test_a_digest_is_of_all_that_the_act_does_and_ends(one, other):
    assert (digest(one) == digest(other)) == (one == other)


@given(st.sampled_from(Act.__struct_fields__), acts)
def test_what_has_changed_in_any_part_is_not_what_was_approved(name, other):
    changed = replace(ACT, **{name: getattr(other, name)})
    if changed != ACT:
        with pytest.raises(NotApproved):
            approve(proposal(), changed, BEN, NOW)


def test_the_order_of_words_does_not_matter():
    words = {"incident": "P26-1", "party": "2"}

    assert digest(replace(ACT, words=words)) == digest(replace(ACT, words=dict(reversed(words.items()))))


STEPS_TAKEN = st.lists(st.sampled_from(["approved", "done", "failed"]), max_size=3)


@given(STEPS_TAKEN, st.timedeltas(timedelta(-1), timedelta(2)))
def test_a_proposal_waits_until_a_step_is_taken_or_its_day_is_over(steps, wait):
    one, other = proposal(), replace(proposal(BEN), act=replace(ACT, of="4"))
    known = [proposed(one), proposed(other), *(step(one, name, Author(BEN), NOW) for name in steps)]

    still = timedelta() <= wait < WAITS_FOR
    assert waiting(known, NOW + wait) == ((() if steps else (one,)) + (other,) if still else ())


@given(st.permutations(["approved", "done"]), st.booleans(), st.timedeltas(timedelta(), timedelta(hours=2)))
def test_an_approved_act_without_a_result_broke_off_once_no_function_can_be_at_it(order, ended, later):
    one = replace(proposal(), act=replace(ACT, what="erase"))
    known = [step(one, name, Author(BEN), NOW) for name in order if ended or name == "approved"]

    found = broken_off([proposed(one), *known], NOW + later)

    assert bool(found) == (not ended and later >= BROKE_OFF_AFTER)


def test_what_broke_off_and_was_done_since_for_another_reason_is_told_no_more():
    one, again = (
        Proposal(act=replace(ACT, what="erase", words={"person": "a1", "reason": why}), by=ANN, at=at, reason=why)
        for why, at in (("request 1", NOW), ("request 2", NOW + timedelta(hours=1)))
    )
    known = [proposed(one), step(one, "approved", Author(BEN), NOW)]
    done = [proposed(again), *(step(again, name, Author(BEN), again.at) for name in ("approved", "done"))]
    other = [replace(each, act=replace(each.act, words={"person": "b2", "reason": "request 2"})) for each in done]

    assert broken_off([*known, *done], NOW + timedelta(hours=2)) == ()
    assert [each.act for each in broken_off([*known, *other], NOW + timedelta(hours=2))] == [one.act]


def test_a_draft_that_was_approved_and_waits_for_its_time_did_not_break_off():
    one = replace(proposal(), act=replace(ACT, what="publish"))

    assert broken_off([proposed(one), step(one, "approved", Author(BEN), NOW)], NOW + timedelta(days=1)) == ()


@given(acts, st.sampled_from(STEPS), texts)
def test_an_entry_says_all_that_the_act_does_and_ends(act, name, reason):
    entry = step(replace(proposal(), act=act), name, Author(BEN, "Ben"), NOW, reason)

    assert (entry.act, entry.digest, entry.by, entry.name) == (act, digest(act), BEN, "Ben")
    assert (entry.at, entry.reason) == (NOW, reason)


def test_two_people_are_shown_by_their_names():
    assert shown(both(ANN, BEN)) == "user/ann and user/ben"
    assert shown("R. Lead") == "R. Lead"


SUBJECTS = st.from_regex(r"[A-Za-z0-9_.-]{1,20}", fullmatch=True)


@given(SUBJECTS, SUBJECTS)
def test_a_person_at_the_desk_is_who_the_provider_says_however_they_are_called(one, other):
    first, second = (by_desk("https://id.springfield.example", subject) for subject in (one, other))
    waits = replace(proposal(first), name="Ann")

    if one == other:
        with pytest.raises(NotApproved):
            approve(waits, ACT, second, NOW)
    else:
        assert approve(waits, ACT, second, NOW) == second
    assert approve(waits, ACT, BEN, NOW) == BEN


def test_a_name_that_only_looks_like_a_sign_in_approves_nothing():
    for name in ("desk:", "desk:id.example", "desk:id.example:a b", "Ann (desk:id.example:7)", "desk:id.example:7\n"):
        with pytest.raises(Unidentified):
            approve(proposal(), ACT, name, NOW)
