"""A conversation from the reply to the answer on the phone: each text is a row, and none goes that may not."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.reply import Reply
from chalicelib.domain.settings.conversation import Conversation
from chalicelib.domain.settings.watchers import Watchers
from chalicelib.flow.desk.tend import tend_attention
from chalicelib.flow.people.converse import answer, say
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.flow.people.send_answer import deliver_answer
from chalicelib.flow.people.sweep_answers import sweep_answers
from tests.factories import NOW, PHONE, after, agency, call, update
from tests.flow.city import City, MoodySender, of_a_minute_ago

RULES = Conversation(
    not_read={
        "en": "{{ agency }}: nobody has read your text yet. Emergency: call 911.",
        "es": "{{ agency }}: aún no.",
    },
    answers={"seen": {"en": "{{ agency }}: we have read your text.", "es": "{{ agency }}: leído."}},
)
WATCHED = {Cause.REPLY: Watchers(first="+13035550140", second="+13035550141")}
OURS = agency(conversation=RULES, watchers=WATCHED, languages=("es",))
US = OURS.numbers.sms_from


class Talk(City):
    """A city in which a caller was texted, and texts back."""

    def __init__(self, rules=OURS, **ports) -> None:
        super().__init__(rules, **ports)
        self.tell(call(), at=NOW)
        self.run_until(after(3))
        self.before = len(self.texts())

    def hear(self, body="are you still coming", minutes=5.0):
        self.ports.tell_time(after(minutes))
        take_reply(Reply(sender=PHONE, number=US, body=body, at=after(minutes), message_id=f"m{minutes}"), self.ports)

    @property
    def exchange(self):
        return self.ports.conversations.of("springfield", self.ports.contacts.reference(PHONE).keyed_hash, 20)

    def minute(self, minutes):
        """Let the sweep and what it hints at happen."""
        now = after(minutes)
        self.ports.tell_time(now)
        sweep_answers(self.ports, now)
        for key in self.ports.queue.answers:
            deliver_answer(key, self.ports, now)
        self.ports.queue.answers.clear()
        tend_attention(self.ports, now)

    def press(self, name="seen", by="desk:id:1", minutes=6.0, language="en"):
        reply = self.exchange.replies[-1]
        said = say(self.agency, name, language)
        return answer(reply, name, said, by, self.agency, self.ports, after(minutes))

    @property
    def outgoing(self):
        return [one for one in self.ports.sms.outgoing if one.id.endswith(("-seen", "-not-read"))]

    @property
    def answers(self):
        return [one.body for one in self.outgoing]

    def waits(self):
        return [one for one in self.ports.attention.of("springfield") if one.cause is Cause.REPLY]


def test_a_reply_that_nobody_reads_is_said_to_the_person_and_at_the_desk_after_a_quarter_of_an_hour():
    talk = Talk()
    talk.hear()
    talk.minute(19)

    assert (talk.answers, talk.waits()) == ([], [])
    talk.minute(20)
    talk.minute(21)
    assert talk.answers == ["Springfield PD: nobody has read your text yet. Emergency: call 911."]
    (waits,) = talk.waits()
    assert (waits.count, waits.since) == (1, after(20))


def test_a_reply_that_somebody_saw_is_said_nowhere():
    talk = Talk()
    talk.hear()
    seen = talk.ports.conversations.see("springfield", talk.exchange.replies[0].keyed_hash, [after(5)], "me", after(6))
    talk.minute(20)

    assert seen == 1
    assert (talk.answers, talk.waits()) == ([], [])
    assert [row.state for row in talk.exchange.answers.values()] == [State.CANCELLED]


def test_a_person_who_writes_five_times_is_told_once_that_nobody_reads():
    talk = Talk()
    for number in range(5):
        talk.hear(f"hello {number}", 5 + number)
    for minute in range(19, 40):
        talk.minute(minute)

    assert len(talk.answers) == 1
    assert talk.waits()[0].count == 5


def test_what_is_seen_ceases_to_wait_at_the_desk():
    talk = Talk()
    talk.hear()
    talk.minute(20)
    talk.ports.conversations.see("springfield", talk.exchange.replies[0].keyed_hash, [after(5)], "me", after(21))
    talk.minute(22)

    assert talk.waits() == []


def test_an_answer_goes_within_seconds_to_the_phone_that_wrote():
    talk = Talk()
    talk.hear()
    row = talk.press()
    talk.minute(6)

    (sent,) = talk.outgoing
    assert (sent.address, sent.body) == (PHONE, "Springfield PD: we have read your text.")
    assert talk.exchange.answers[row.key].state is State.SENT
    assert PHONE not in str(talk.exchange.answers[row.key])


def test_a_sender_with_the_settings_of_a_minute_ago_reads_those_under_which_it_was_pressed():
    """Conversations may just have been switched on: the desk knows it, and another function not yet."""
    talk = Talk(replace(OURS, version=3))
    talk.hear()
    talk.press()
    of_a_minute_ago(talk.ports, agency(version=2))
    talk.minute(6)

    assert talk.answers == ["Springfield PD: we have read your text."]


def test_two_who_press_the_same_at_once_send_one_text():
    talk = Talk()
    talk.hear()
    first, second = talk.press(by="desk:id:1"), talk.press(by="desk:id:2")
    for _ in range(3):
        deliver_answer(first.key, talk.ports, after(6))

    assert second is None
    assert len(talk.answers) == 1
    assert talk.exchange.answers[first.key].by == "desk:id:1"


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (lambda talk: talk.hear("STOP", 5.5), "stopped"),
        (lambda talk: talk.tell(update(after(5.5), "u9", unsafe_parties=frozenset({"1"}))), "unsafe"),
        (lambda talk: talk.tell(update(after(5.5), "u9", latches=frozenset({Latch.JUVENILE}))), "silenced"),
        (lambda talk: talk.tell(update(after(5.5), "u9", incident_type="DV")), "silenced"),
        (lambda talk: talk.tell(update(after(5.5), "u9", latches=frozenset({Latch.DO_NOT_CONTACT}))), "sensitive"),
        (lambda talk: talk.hear("he has a gun", 5.5), "danger"),
    ],
)
def test_an_answer_that_was_pressed_never_goes_once_the_person_may_not_be_written_to(happens, why):
    talk = Talk()
    talk.hear()
    happens(talk)
    row = talk.press()
    talk.minute(7)
    talk.minute(22)

    assert talk.answers == []
    assert talk.exchange.answers[row.key].reason == why


def test_a_stop_that_comes_while_the_answer_is_claimed_stops_it():
    talk = Talk()
    talk.hear()
    row = talk.press()
    claim = talk.ports.conversations.claim

    def overtaken(mine, conditions):
        talk.ports.conversations.claim = claim
        talk.ports.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, after(6), "STOP", "reply")
        return claim(mine, conditions)

    talk.ports.conversations.claim = overtaken
    talk.minute(6)

    assert talk.answers == []
    assert talk.exchange.answers[row.key].reason == "stopped"


def test_a_paused_answer_waits_and_is_given_up_when_it_is_of_no_use():
    talk = Talk()
    talk.hear()
    talk.ports.settings.pauses = (Pause(of="agency", author="R. Lead", reason="", at=after(5)),)
    row = talk.press()
    talk.minute(7)

    assert talk.exchange.answers[row.key].reason == "paused"
    talk.minute(40)
    assert talk.exchange.answers[row.key].state is State.SUPPRESSED
    assert talk.answers == []


@pytest.mark.parametrize(
    ("moods", "state", "texts"),
    [
        ((("retry", "throttled"),), State.SENT, 1),
        ((("permanent", "invalid"),), State.FAILED, 0),
        ((("ambiguous", "timeout"),), State.UNKNOWN, 0),
    ],
)
def test_an_answer_of_which_nobody_knows_whether_it_went_never_goes_again(moods, state, texts):
    talk = Talk()
    moody = MoodySender(*moods)
    talk.ports.senders = dict.fromkeys(talk.ports.senders, moody)
    talk.hear()
    row = talk.press()
    for minute in range(6, 12):
        talk.minute(minute)

    assert talk.exchange.answers[row.key].state is state
    assert len(moody.outgoing) == texts


def test_an_answer_whose_sender_died_never_goes_again():
    talk = Talk()
    talk.hear()
    row = talk.press()
    known = talk.exchange.answers[row.key]
    talk.ports.conversations.put(known.claimed(after(6)))
    talk.minute(7)

    assert talk.exchange.answers[row.key].state is State.SENDING
    talk.minute(8)
    assert talk.exchange.answers[row.key].state is State.UNKNOWN
    assert talk.answers == []


@pytest.mark.parametrize("off", [{"conversation": Conversation()}, {"watchers": {}}])
def test_nothing_waits_and_nothing_goes_where_conversations_are_off(off):
    talk = Talk(replace(OURS, **off))
    talk.hear()
    talk.minute(20)

    assert talk.exchange.replies == ()
    assert "nobody has read your text" in talk.texts()[-1]
    assert (talk.answers, talk.waits()) == ([], [])
    assert [one.words for one in talk.ports.contacts.replies("springfield")] == ["are you still coming"]


def test_a_desk_that_nobody_watches_any_more_waits_for_nobody():
    talk = Talk()
    talk.hear()
    talk.minute(20)
    talk.ports.settings._agencies["springfield"] = replace(OURS, conversation=Conversation())
    talk.minute(21)

    assert talk.waits() == []


def test_words_of_danger_go_their_own_way_and_are_not_called_unread():
    talk = Talk()
    talk.hear("he has a gun")
    talk.minute(20)

    assert [one.because for one in talk.ports.desks.told] == ["danger"]
    assert talk.waits() == []
    assert [one.danger for one in talk.exchange.replies] == [True]
    assert talk.answers == []


def test_a_reply_is_read_as_long_as_the_same_text_is_heard_again():
    talk = Talk()
    talk.hear()
    talk.ports.conversations.see("springfield", talk.exchange.replies[0].keyed_hash, [after(5)], "me", after(6))
    talk.hear()

    assert talk.exchange.replies[0].seen_by == "me"
    assert talk.ports.conversations.unread("springfield", 10) == ()


def test_a_person_is_answered_in_the_language_in_which_they_write():
    talk = Talk()
    talk.hear("gracias, cuando vienen ustedes por favor")
    talk.minute(20)

    assert talk.answers == ["Springfield PD: aún no."]


def test_an_answer_counts_at_the_cap_of_its_day():
    talk = Talk()
    talk.hear()
    before = talk.ports.contacts.load("springfield", PHONE, OURS.day(after(6))).sent_today
    talk.press()
    talk.minute(6)

    assert talk.ports.contacts.load("springfield", PHONE, OURS.day(after(6))).sent_today == before + 1


def test_nobody_is_answered_whose_call_is_gone():
    talk = Talk()
    talk.hear()
    row = talk.press()
    talk.ports.incidents._records.clear() if hasattr(talk.ports.incidents, "_records") else None
    late = NOW + timedelta(days=40)
    deliver_answer(row.key, talk.ports, late)

    assert talk.answers == []
