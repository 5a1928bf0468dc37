"""From the phone that somebody types to the test text on it: at most once, and never where nothing may go."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.own_phone import MOST_TRIES, Entry
from chalicelib.domain.desk.own_text import CODES, TESTS, WORTH, Allowance, Shown, shown
from chalicelib.domain.desk.session import Session
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.settings.budget import Budget
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.flow.desk.own_phone import DraftText, NotAsked, To, ask_code, enter_code, marked, read_code, send_test
from chalicelib.flow.desk.send_own_text import deliver_own_text
from chalicelib.ports.errors import QueueUnavailable, Unreadable
from tests.factories import NOW, PHONE, after, agency, call, caller, update
from tests.flow.city import City, MoodySender

TEXT = DraftText(kind="delay", language="en", body="Springfield PD: officers are delayed.")
OURS = agency(languages=("es",))


class Desk(City):
    """A city at whose desk somebody is signed in."""

    def __init__(self, rules=OURS, **ports) -> None:
        super().__init__(rules, **ports)
        self.session = self.sign_in()
        self.ports.tell_time(NOW)

    def sign_in(self, subject="ann"):
        return Session(hash=f"{subject:0<64}", issuer="https://id.example", subject=subject, began_at=NOW, acted_at=NOW)

    def ask(self, phone=PHONE, language="en", session=None, at=NOW, name=""):
        to = To(phone=phone, language=language, name=name or self.ports.chance().hex())
        ask_code(self.ports, session or self.session, to, self.agency, at)

    def work(self, at=NOW):
        """Let `deliver` work on all orders, and return what became of them."""
        orders, self.ports.queue.orders = self.ports.queue.orders, []
        return [deliver_own_text(one, self.ports, at) for one in orders]

    def code(self):
        """Return the code that the phone got last."""
        return self.texts()[-1].partition(": ")[2][:6]

    def enter(self, typed, session=None, at=NOW):
        return enter_code(self.ports, session or self.session, typed, at)

    def prove(self, session=None, phone=PHONE, at=NOW):
        self.ask(phone, session=session, at=at)
        self.work(at)
        assert self.enter(self.code(), session, at) is Entry.RIGHT

    def test(self, session=None, text=TEXT, at=NOW, name=""):
        send_test(self.ports, session or self.session, name or self.ports.chance().hex(), text, self.agency, at)

    @property
    def own(self):
        return self.ports.sessions.own_phone(self.session.hash)

    def row(self, name):
        return self.ports.own_texts.find("springfield", name)

    def says(self, name, at=NOW):
        return shown(self.row(name), at)


def test_a_code_goes_to_the_phone_and_its_entry_lets_a_marked_test_go_there():
    desk = Desk()
    desk.prove()
    desk.test()

    assert desk.work() == [State.SENT]
    assert [one.address for one in desk.ports.sms.outgoing] == [PHONE, PHONE]
    code, test = desk.texts()
    assert code.startswith("TEST Springfield PD: ")
    assert test == f"TEST Springfield PD: {TEXT.body}"
    assert desk.says(desk.own.texts[0]) is Shown.SENT


def test_spanish_has_its_own_mark():
    desk = Desk()
    desk.ask(language="es")
    desk.work()
    text = DraftText(kind="delay", language="es", body="Los agentes tardan.")

    assert desk.texts()[0].startswith("PRUEBA Springfield PD: ")
    assert marked(text, desk.agency, desk.ports) == "PRUEBA Springfield PD: Los agentes tardan."


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_code_s_text_is_one_segment_for_the_longest_name(language):
    desk = Desk(replace(OURS, short_name="S" * 24))
    desk.ask(language=language)

    assert desk.row(desk.own.code).segments == 1


def test_what_is_kept_of_a_text_has_neither_its_phone_nor_its_words_nor_the_code():
    desk = Desk()
    desk.ask()
    desk.work()
    kept = repr(desk.row(desk.own.code))

    assert PHONE[-7:] not in kept
    assert desk.code() not in kept
    assert desk.code() not in repr(desk.own)


def test_nothing_goes_before_the_code_is_entered_nor_in_another_session():
    desk = Desk()
    desk.ask()
    desk.work()
    for session in (desk.session, desk.sign_in("ben")):
        with pytest.raises(NotAsked, match="not_proven"):
            desk.test(session)
    assert desk.enter(desk.code(), desk.sign_in("ben")) is Entry.NONE
    assert desk.work() == []


def test_a_wrong_code_proves_nothing_and_is_counted():
    desk = Desk()
    desk.ask()

    assert desk.enter("000000") is Entry.WRONG
    assert (desk.own.proven_at, desk.own.tries) == (None, 1)


def test_reading_a_code_changes_nothing():
    desk = Desk()
    desk.ask()
    desk.work()
    before = desk.own

    assert read_code(desk.ports, desk.session, desk.code(), NOW) is Entry.RIGHT
    assert read_code(desk.ports, desk.session, "000000", NOW) is Entry.WRONG
    assert desk.own == before


def test_a_right_code_of_a_phone_that_was_changed_meanwhile_proves_nothing():
    desk = Desk()
    desk.ask()
    desk.work()
    code, put = desk.code(), desk.ports.sessions.put_own_phone

    def changed_first(session_hash, phone, until):
        """Let another window ask for another phone just before this one writes."""
        desk.ports.sessions.put_own_phone = put
        desk.ask("+13035550124")
        return put(session_hash, phone, until)

    desk.ports.sessions.put_own_phone = changed_first

    assert desk.enter(code) is Entry.WRONG
    assert (desk.own.phone, desk.own.proven_at) == ("+13035550124", None)


def test_a_form_that_is_pressed_twice_sends_once_and_counts_once():
    desk = Desk()
    name = "a" * 32
    for _ in range(2):
        desk.ask(name=name)
    assert desk.work() == [State.SENT]
    assert desk.enter(desk.code()) is Entry.RIGHT
    for _ in range(TESTS.of_person + 3):
        desk.test(name="b" * 32)

    assert desk.work() == [State.SENT]
    assert desk.own.texts == ("b" * 32,)


def test_a_form_that_is_pressed_twice_at_once_sends_once():
    desk = Desk()
    desk.prove()
    find = desk.ports.own_texts.find
    desk.ports.own_texts.find = lambda *asked: None  # both looked before either wrote
    for _ in range(2):
        desk.test(name="b" * 32)
    desk.ports.own_texts.find = find

    assert desk.work() == [State.SENT]


def test_another_phone_must_be_proven_anew_and_the_code_before_counts_no_more():
    desk = Desk()
    desk.prove()
    before = desk.code()
    desk.ask("+13035550124")

    assert desk.own.proven_at is None
    assert desk.enter(before) is Entry.WRONG


def test_codes_that_are_tried_at_once_are_all_counted():
    desk = Desk()
    desk.ask()
    seen, before = desk.ports.sessions.own_phone, desk.own
    told = []
    for number in range(2 * MOST_TRIES):
        stale = [before]
        desk.ports.sessions.own_phone = lambda name, stale=stale: stale.pop() if stale else seen(name)
        told.append(desk.enter(f"11111{number}"))
    desk.ports.sessions.own_phone = seen

    assert desk.own.tries == MOST_TRIES
    assert told.count(Entry.SPENT) == MOST_TRIES + 1


def test_the_order_that_comes_twice_sends_once():
    desk = Desk()
    desk.ask()
    (order,) = desk.ports.queue.orders
    for _ in range(3):
        assert deliver_own_text(order, desk.ports, NOW) is State.SENT

    assert len(desk.texts()) == 1


def test_a_function_that_dies_after_the_claim_never_sends_again_and_the_page_says_that_nobody_knows():
    desk = Desk()
    desk.prove()
    desk.test()
    (order,) = desk.ports.queue.orders

    class Dies:
        tells = True

        def send(self, outgoing):
            raise MemoryError

    alive, desk.ports.senders = desk.ports.senders, dict.fromkeys(desk.ports.senders, Dies())
    with pytest.raises(MemoryError):
        deliver_own_text(order, desk.ports, NOW)
    desk.ports.senders = alive

    assert deliver_own_text(order, desk.ports, after(6)) is State.SENDING
    assert len(desk.texts()) == 1  # the code
    assert desk.says(order.name, after(6)) is Shown.UNKNOWN


def test_a_text_that_comes_too_late_is_not_sent():
    desk = Desk()
    desk.ask()

    assert desk.work(NOW + WORTH) == [State.SUPPRESSED]
    assert desk.texts() == []
    assert desk.says(desk.own.code, NOW + WORTH) is Shown.TOO_LATE


def test_an_order_without_a_row_is_nothing():
    desk = Desk()
    desk.ask()
    (order,) = desk.ports.queue.orders

    assert deliver_own_text(replace(order, name="other"), desk.ports, NOW) is None
    assert deliver_own_text(replace(order, agency_id="shelbyville"), desk.ports, NOW) is None
    assert desk.texts() == []


def _opt_out(ports):
    ports.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, NOW, "STOP")


def _opt_out_of_surveys(ports):
    ports.contacts.opt_out("springfield", PHONE, OptOutScope.SURVEYS, NOW, "no surveys")


def _landline(ports):
    ports.contacts.note_landline("springfield", PHONE, NOW)


def _protect(ports):
    ports.contacts.protected.put("springfield", ports.contacts.reference(PHONE), "ann", NOW)


BARS = (_opt_out, _opt_out_of_surveys, _landline, _protect)


@pytest.mark.parametrize("bar", BARS)
def test_a_phone_that_may_not_be_texted_gets_no_code_and_the_page_says_what_it_says_of_any(bar):
    desk, other = Desk(), Desk()
    bar(desk.ports)
    desk.ask()
    other.ask()

    assert desk.says(desk.own.code) is other.says(other.own.code) is Shown.PERHAPS
    assert (desk.work(), other.work()) == ([State.SUPPRESSED], [State.SENT])
    assert desk.texts() == []
    assert desk.says(desk.own.code) is other.says(other.own.code) is Shown.PERHAPS


@pytest.mark.parametrize("bar", BARS)
def test_a_proven_phone_that_may_be_texted_no_more_gets_no_test(bar):
    desk = Desk()
    desk.prove()
    bar(desk.ports)
    desk.test()

    assert desk.work() == [State.SUPPRESSED]
    assert desk.says(desk.own.texts[0]) is Shown.BARRED
    assert len(desk.texts()) == 1


def test_a_phone_on_a_sensitive_call_gets_nothing():
    desk = Desk()
    desk.tell(call("DV"), at=NOW)
    desk.ask()

    assert desk.work() == [State.SUPPRESSED]
    assert desk.texts() == []


QUIET = {
    "of a type that the settings do not name": call("XYZ"),
    "without a type": call(incident_type=None),
    "begun by an officer": call(origin="officer_initiated"),
    "that another agency took over": call(transferred_to="Shelbyville"),
    "that is a drill": call(exercise=True),
    "of the highest priority": call(priority="1"),
}


@pytest.mark.parametrize("about", QUIET)
def test_a_phone_on_a_call_about_which_nobody_is_texted_gets_nothing(about):
    desk = Desk()
    desk.tell(QUIET[about], at=NOW)
    desk.ask()

    assert desk.work() == [State.SUPPRESSED]
    assert desk.texts() == []


def test_a_phone_on_a_call_that_nobody_judged_gets_nothing():
    desk = Desk(replace(OURS, judgements=Judgements()))
    desk.tell(call("NOISE"), at=NOW)
    desk.ask()

    assert desk.work() == [State.SUPPRESSED]


def test_a_phone_on_an_urgent_call_may_be_tried_once_it_has_ended():
    desk = Desk()
    desk.tell(call(priority="1"), at=NOW)
    desk.tell(update(after(3), "u2", closed_at=after(3), dispositions=("HAN",)), at=after(3))
    desk.ask(at=after(4))

    assert desk.work(after(4)) == [State.SENT]


def test_a_phone_of_somebody_who_is_protected_by_their_email_gets_nothing():
    desk = Desk()
    desk.tell(call(parties={"1": caller(email="ana@example.org")}), at=NOW)
    desk.run_until(after(3))
    contacts = desk.ports.contacts
    contacts.protected.put("springfield", contacts.reference("ana@example.org"), "ann", NOW)
    desk.ask(at=after(3))

    assert desk.work(after(3)) == [State.SUPPRESSED]


def test_a_phone_on_an_ordinary_call_may_be_tried():
    desk = Desk()
    desk.tell(call("NOISE"), at=NOW)
    desk.run_until(after(3))
    desk.ask(at=after(3))

    assert desk.work(after(3)) == [State.SENT]


def test_a_phone_whose_calls_can_t_be_read_gets_nothing():
    desk = Desk()
    desk.tell(call("NOISE"), at=NOW)
    desk.run_until(after(3))
    desk.ask(at=after(3))

    def load(key):
        raise Unreadable(key.incident_number)

    desk.ports.incidents.load = load
    assert desk.work(after(3)) == [State.SUPPRESSED]


def test_a_stop_that_comes_between_the_look_and_the_claim_is_heard():
    desk = Desk()
    desk.ask()
    stops, claim = [_opt_out], desk.ports.own_texts.claim

    def claimed(row, what):
        if stops:
            stops.pop()(desk.ports)
        return claim(row, what)

    desk.ports.own_texts.claim = claimed
    assert desk.work() == [State.SUPPRESSED]
    assert desk.texts() == []


def _pause(desk):
    desk.ports.settings.pauses = (Pause(of="agency", author="ann", reason="", at=NOW),)


def test_a_paused_agency_sends_neither_codes_nor_tests_and_counts_none():
    desk = Desk()
    desk.prove()
    _pause(desk)
    for act in (desk.ask, desk.test):
        with pytest.raises(NotAsked, match="paused"):
            act()
    desk.ports.settings.pauses = ()
    for _ in range(TESTS.of_person):
        desk.test()

    assert len(desk.work()) == TESTS.of_person


def test_a_pause_stops_what_was_asked_for_before_it():
    desk = Desk()
    desk.ask()
    _pause(desk)

    assert desk.work() == [State.SUPPRESSED]
    assert desk.says(desk.own.code) is Shown.PAUSED


def test_a_pause_that_comes_during_the_claim_stops_the_text():
    desk = Desk()
    desk.ask()
    claim = desk.ports.own_texts.claim

    def claimed(row, what):
        _pause(desk)
        return claim(row, what)

    desk.ports.own_texts.claim = claimed
    assert desk.work() == [State.SUPPRESSED]
    assert desk.texts() == []


def test_in_shadow_tests_go():
    desk = Desk(replace(OURS, mode="shadow"))
    desk.prove()
    desk.test()

    assert desk.work() == [State.SENT]


def test_a_provider_that_takes_nothing_is_told_and_nobody_tries_again():
    desk = Desk()
    desk.prove()
    sender = MoodySender(("retry", "throttled"))
    desk.ports.senders = dict.fromkeys(desk.ports.senders, sender)
    desk.test()

    assert desk.work() == [State.FAILED]
    assert desk.says(desk.own.texts[0]) is Shown.NOT_TAKEN
    assert desk.work() == []
    assert sender.outgoing == []


def test_a_text_that_may_have_gone_is_in_doubt():
    desk = Desk()
    desk.prove()
    desk.ports.senders = dict.fromkeys(desk.ports.senders, MoodySender(("ambiguous", "timeout")))
    desk.test()

    assert desk.work() == [State.UNKNOWN]
    assert desk.says(desk.own.texts[0]) is Shown.UNKNOWN


def test_a_budget_that_is_used_up_stops_tests_and_what_goes_counts():
    small = Budget(segments_per_day=1)
    desk = Desk(replace(OURS, budget=small))
    desk.prove()
    desk.test()

    assert desk.ports.settings.spent("springfield").day == 1
    assert desk.work() == [State.SUPPRESSED]
    assert desk.row(desk.own.texts[0]).reason == Reason.OVER_BUDGET
    assert desk.says(desk.own.texts[0]) is Shown.OVER_BUDGET


def test_a_test_counts_at_no_cap_of_its_phone():
    desk = Desk()
    desk.prove()

    assert desk.ports.contacts.load("springfield", PHONE, desk.agency.day(NOW)).sent_today == 0


def test_a_person_has_five_codes_and_ten_tests_a_day_in_whatever_session():
    desk = Desk()
    for number in range(CODES.of_person - 1):
        desk.ask(session=replace(desk.session, hash=f"{number}" * 64))
    desk.prove()
    with pytest.raises(NotAsked, match="too_many"):
        desk.ask()
    for _ in range(TESTS.of_person):
        desk.test()
    with pytest.raises(NotAsked, match="too_many"):
        desk.test()
    desk.ask(at=NOW + timedelta(days=1))


def test_an_agency_has_fifty_texts_a_day_of_all_its_people():
    desk = Desk()
    people = [desk.sign_in(f"p{number}") for number in range(20)]
    sent = 0
    for person in people:
        for _ in range(CODES.of_person):
            if sent < CODES.of_agency:
                desk.ask(session=person)
                sent += 1
    with pytest.raises(NotAsked, match="too_many"):
        desk.ask(session=people[-1])

    assert CODES.of_agency == TESTS.of_agency == Allowance(use="x", of_person=1).of_agency == 50
    assert len(desk.work()) == 50


def test_a_text_longer_than_carriers_join_is_not_asked_for():
    desk = Desk()
    desk.prove()
    with pytest.raises(NotAsked, match="too_long"):
        desk.test(text=DraftText(kind="delay", language="en", body="x" * 1600))

    assert desk.own.texts == ()


def test_an_order_that_the_queue_did_not_take_never_goes_and_the_page_says_so():
    desk = Desk()

    def fails(order):
        desk.late = order
        raise QueueUnavailable

    desk.ports.queue.order = fails
    with pytest.raises(NotAsked, match="no_queue"):
        desk.ask()

    assert desk.says(desk.own.code) is Shown.NOT_TAKEN
    assert deliver_own_text(desk.late, desk.ports, NOW) is State.FAILED  # it was there after all
    assert desk.texts() == []


def test_an_order_that_was_taken_although_the_queue_did_not_say_so_stays_sent():
    desk = Desk()

    def taken_unsaid(order):
        deliver_own_text(order, desk.ports, NOW)
        raise QueueUnavailable

    desk.ports.queue.order = taken_unsaid
    with pytest.raises(NotAsked, match="no_queue"):
        desk.ask()

    assert desk.row(desk.own.code).state is State.SENT
    assert len(desk.texts()) == 1


def test_the_phone_goes_with_its_session():
    desk = Desk()
    desk.prove()
    desk.ports.sessions.close(desk.session)

    assert desk.own is None
