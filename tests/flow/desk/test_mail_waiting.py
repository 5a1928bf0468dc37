"""What waits goes by email to those whom settings name by role: kinds and counts, and nobody in it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.settings.desk import Desk
from chalicelib.domain.settings.waiting_mail import WaitingMail
from chalicelib.domain.surveys.comment_release import Listed
from chalicelib.domain.surveys.follow_up import Desk as FollowUpDesk
from chalicelib.flow.desk.mail_waiting import mail_waiting
from chalicelib.ports.carrier import SendFailed
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.world import MemoryPorts
from tests.factories import agency

LEAD, QUALITY, STANDARDS = "lead@pd.example", "quality@pd.example", "standards@pd.example"
SIX = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 6:00 in Denver
DAILY = WaitingMail(when="daily", to={Role.SUPERVISOR: (LEAD,)}, link="https://desk.pd.example/desk/springfield")
AT_ONCE = replace(DAILY, when="at_once")
ALL = replace(AT_ONCE, to={Role.SUPERVISOR: (LEAD,), Role.QUALITY: (QUALITY,), Role.STANDARDS: (STANDARDS,)})


def world(mail, language="en"):
    return MemoryPorts(agency(desk=Desk(mail=mail), language=language, languages=("en", "es")))


def begin(made, cause, count=1, **more):
    entries = tuple(
        Waiting(agency_id="springfield", cause=cause, about=f"P26-{n}", since=SIX, incident_number=f"P26-{n}", **more)
        for n in range(count)
    )
    made.attention.note("springfield", Attention(begun=entries))


def end(made, cause):
    names = frozenset(one.name for one in made.attention.of("springfield") if one.cause is cause)
    made.attention.note("springfield", Attention(ended=names))


def look(made, minutes):
    """Let it be so many minutes after six, and return who was mailed then."""
    before = len(made.email.outgoing)
    mail_waiting(made, SIX + timedelta(minutes=minutes), {})
    return [one.address for one in made.email.outgoing[before:]]


def test_off_by_default_it_costs_not_even_a_read():
    made = world(WaitingMail())
    begin(made, Cause.HELD)
    made.settings.paging = made.attention.of = None

    assert look(made, 120) == []


def test_it_has_kinds_and_counts_and_a_link_and_no_call():
    made = world(DAILY)
    begin(made, Cause.HELD, 12)
    begin(made, Cause.DANGER, detail="alerts")
    look(made, 60)
    (one,) = made.email.outgoing

    assert one.subject == "Springfield PD desk: 13 wait"
    assert "DANGER, somebody wrote of it: 1\n- calls whose texts wait for a decision: 12\n" in one.body
    assert "https://desk.pd.example/desk/springfield" in one.body
    assert "P26" not in one.body


def test_once_a_day_from_its_hour_on_and_not_where_nothing_waits():
    made = world(DAILY)
    assert [look(made, minutes) for minutes in (0, 60, 61)] == [[], [], []]
    begin(made, Cause.HELD)
    days = [look(made, minutes) for minutes in (70, 71, 23 * 60, 24 * 60 + 59, 25 * 60, 25 * 60 + 1)]

    assert days == [[LEAD], [], [], [], [LEAD], []]


def test_the_hour_is_on_the_agency_s_clock_also_over_a_change_of_clocks():
    made = world(replace(DAILY, at=time(2, 30)))
    begin(made, Cause.HELD)
    sent = []
    for hour in range(72):  # the clocks change on 8 March 2026, when no 2:30 comes
        at = datetime(2026, 3, 7, 8, 0, tzinfo=UTC) + timedelta(hours=hour)
        begin(made, Cause.HELD)
        mail_waiting(made, at, {})
        sent += [at] * (len(made.email.outgoing) - len(sent))

    assert [f"{at:%d %H}" for at in sent] == ["07 10", "08 09", "09 09"]


def test_each_role_hears_of_what_it_sees_to_and_an_allegation_of_standards_alone():
    made = world(ALL)
    begin(made, Cause.FOLLOW_UP, 2, detail=FollowUpDesk.STANDARDS)
    assert look(made, 1) == [STANDARDS]
    begin(made, Cause.HELD)

    assert look(made, 2) == [LEAD]
    assert "late follow-ups: 2" in made.email.outgoing[0].body
    assert "follow-ups" not in made.email.outgoing[1].body


def test_at_once_is_when_a_kind_begins_and_a_storm_of_it_is_one_email():
    made = world(AT_ONCE)
    begin(made, Cause.HELD)
    assert look(made, 1) == [LEAD]
    begin(made, Cause.HELD, 500)
    assert [look(made, minutes) for minutes in (2, 20, 200)] == [[], [], []]
    begin(made, Cause.OVERDUE)
    assert [look(made, 201), look(made, 202)] == [[LEAD], []]
    end(made, Cause.OVERDUE)
    assert look(made, 203) == []
    begin(made, Cause.OVERDUE)

    assert [look(made, minutes) for minutes in (204, 215, 216, 217)] == [[], [], [LEAD], []]


def test_a_clock_that_was_ahead_keeps_nobody_from_being_told():
    made = world(AT_ONCE)
    begin(made, Cause.HELD)
    assert look(made, 60 * 24 * 30) == [LEAD]
    begin(made, Cause.OVERDUE)

    assert look(made, 1) == [LEAD]


def test_what_cannot_be_sent_or_remembered_keeps_nobody_else_from_being_told():
    made = world(ALL)
    begin(made, Cause.HELD)
    begin(made, Cause.FOLLOW_UP, detail=FollowUpDesk.SUPERVISORS)
    real, made.settings.note_paging = made.email.send, _conflict

    def send(outgoing):
        if outgoing.address == LEAD:
            raise SendFailed("permanent", "no such mailbox")
        return real(outgoing)

    made.email.send = send

    assert look(made, 1) == [QUALITY]
    assert [name for name, _ in made.notices] == ["NotPaged"]
    assert look(made, 2) == [QUALITY]


def _conflict(*_asked):
    raise Conflict


def test_it_is_in_the_language_of_the_agency():
    made = world(DAILY, "es")
    begin(made, Cause.HELD)
    look(made, 60)

    assert made.email.outgoing[0].subject == "Panel de Springfield PD: 1 en espera"


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_cause_has_its_words(language):
    made = world(AT_ONCE, language)

    assert set(Cause) <= made.words(agency(), language)["waiting"].keys()


def test_the_daily_email_says_how_many_comments_wait_to_whoever_reads_them():
    made = world(replace(ALL, when="daily"))
    day = SIX.date()
    found = [Listed(id=f"c{n}", day=day, survey="s", question="comment", words="w") for n in range(3)]
    resting = Listed(id="c9", day=day, survey="s", question="comment", words="w", since=SIX + timedelta(days=9))
    made.comments.change("springfield", [*found, resting], (), None)

    assert look(made, 60) == [QUALITY]
    assert made.email.outgoing[0].subject == "Springfield PD desk: 3 wait"
    assert "\n- comments that wait to be read: 3\n" in made.email.outgoing[0].body
    begin(made, Cause.HELD, 2)
    look(made, 25 * 60)
    assert ["comments that wait" in one.body for one in made.email.outgoing[1:]] == [False, True]


def test_comments_hurry_nobody_and_where_no_email_counts_them_they_are_not_read():
    made = world(ALL)
    made.comments = None

    assert look(made, 60) == []
