import io
import re
from itertools import count
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from typer.testing import CliRunner

from chalicelib.aws.stores.history import Heard, Reveal, Story
from chalicelib.aws.stores.settings import Published
from chalicelib.carriers.end_user_messaging import events as messaging_events
from chalicelib.carriers.end_user_messaging import sender as end_user_messaging
from chalicelib.carriers.registry import PROVIDERS as REGISTRY
from chalicelib.carriers.ses import events as ses_events
from chalicelib.carriers.ses import sender as ses
from chalicelib.carriers.sns import sender as sns
from chalicelib.carriers.twilio import events as twilio_events
from chalicelib.carriers.twilio import sender as twilio
from chalicelib.domain.incidents.facts import Facts, Link
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.release import Release
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications import permit
from chalicelib.domain.notifications.notification import State, Step
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.notifications.timing import CASE_NUMBER_LIFE
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.reply import Reply
from chalicelib.domain.phones import Phone, PhoneProblem
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.domain.surveys.token import survey_token
from chalicelib.flow.incidents.release import release_hold
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.flow.surveys.answer import answer_survey
from chalicelib.insight.explain import story as teller
from chalicelib.insight.explain.heard import FIELDS, LATCHES
from chalicelib.insight.explain.read import Unknown, read
from chalicelib.insight.explain.untold import may_come
from chalicelib.insight.explain.words import HELD, KINDS, PROVIDERS, WHAT, why
from chalicelib.insight.mask import Mask
from chalicelib.insight.reasons import PLAIN
from chalicelib.insight.scenarios import NOT_A_SCENARIO
from chalicelib.insight.scenarios.play import play
from chalicelib.insight.scenarios.read import read_scenario
from chalicelib.insight.scenarios.settings import as_if_live
from chalicelib.insight.settings.files import load_settings
from chalicelib.virtual.world import senders
from tenfour.common.screen import Screen
from tenfour.main import cli
from tenfour.operate.explain_show import show
from tests import strategies
from tests.factories import OTHER_PHONE, PHONE, after, agency, call, caller, row, update
from tests.flow.city import City, MoodySender

SCENARIOS = Path(__file__).parents[1] / "scenarios"
KEY = IncidentKey("springfield", "P26-1")
ASKED = Reveal(after(60 * 50), "D. Okafor", "complaint 26-88")


class Shelf:
    """A city's incidents with their history, which memory does not keep."""

    def __init__(self, city) -> None:
        self.city, self.heard, self.reveals = city, {}, {}

    def story(self, key):
        heard, reveals = (tuple(kept.get(key, ())) for kept in (self.heard, self.reveals))
        return Story(record=self.city.ports.incidents.load(key), heard=heard, reveals=reveals, keep_until=after(600))

    def note_reveal(self, key, reveal, keep_until):
        assert keep_until == after(600)
        self.reveals.setdefault(key, []).append(reveal)


class Books:
    """A city as `explain` reads it."""

    def __init__(self, rules=None, **ports) -> None:
        self.rules = replace(rules or agency(), version=3)
        self.city = City(self.rules, **ports)
        self.incidents = Shelf(self.city)
        self.follow_ups = self.city.ports.follow_ups
        self.surveys, self.survey_secret = self.city.ports.surveys, self.city.ports.survey_secret
        self.settings = self
        self.webhooks = count(1)

    def agency(self, agency_id):
        return self.rules if agency_id == "springfield" else None

    def history(self, agency_id):
        return [Published(self.rules, "R. Rivera", "case numbers for theft", after(-600))]

    def tell(self, *updates, at=None):
        key = IncidentKey("springfield", updates[0].incident_number)
        before = self.city.ports.incidents.load(key).version
        source = f"msg_{next(self.webhooks)}"
        self.city.tell(*updates, at=at, source=source)
        if self.city.ports.incidents.load(key).version > before:
            self.incidents.heard.setdefault(key, []).append(Heard(self.city.now, source, tuple(updates)))

    def told(self, number="P26-1", reveal=None):
        return read(self, IncidentKey("springfield", number), reveal, self.city.now)[0]

    def printed(self, number="P26-1", reveal=None):
        told, zone = read(self, IncidentKey("springfield", number), reveal, self.city.now)
        page = io.StringIO()
        show(Screen(file=page, width=80), told, zone)
        return page.getvalue()


def whole_story():
    """Return a theft as it goes when all goes well: late officers, a report, a case number, an answer."""
    books = Books()
    someone = caller(role="caller", contact_kind="personal", email="jo@people.example")
    books.tell(call("THEFT", {"1": someone}, incident_type_description="Theft, cold"), at=after(0.1))
    books.tell(update(after(62), "u2", arrived_at=after(62)))
    books.tell(update(after(95), "u3", closed_at=after(95), dispositions=("RPT",), case_numbers=("26-104104",)))
    books.city.run_until(after(60 * 24))
    survey = books.city.row(Kind.SURVEY)
    form = {"respect": "5", "overall": "4", "comment": "Call me:\x1b303-555-0123"}
    answer_survey(survey_token(books.survey_secret, survey.key), form, "en", books.city.ports, after(60 * 24))
    return books


def in_danger():
    books = whole_story()
    answer = Reply(sender=PHONE, number="+13035550199", body="he is breaking in right now", at=after(60 * 25))
    take_reply(answer, books.city.ports)
    return books


def test_an_alert_of_danger_is_part_of_the_story_without_the_persons_words():
    books = in_danger()
    (one,) = books.follow_ups.of("springfield", Desk.ALERTS)

    (moment,) = [moment for moment in books.told().moments if moment.what == "danger"]
    assert (moment.at, moment.about, moment.text) == (after(60 * 25), f"alert {one.id}", "")
    assert "NOBODY HAS SEEN TO IT" in moment.detail
    assert "breaking in" not in books.printed()
    assert "a person on this call wrote of danger" in unwrapped(books.printed())


def test_a_reveal_shows_what_was_written_and_a_note_who_saw_to_it():
    books = in_danger()
    (one,) = books.follow_ups.of("springfield", Desk.ALERTS)
    books.follow_ups.answer("springfield", Desk.ALERTS, one.id, after(60 * 26), "Sgt. Lee", "officers sent")

    told = books.told(reveal=ASKED)
    (danger,) = [moment for moment in told.moments if moment.what == "danger"]
    (seen,) = [moment for moment in told.moments if moment.what == "seen to"]
    assert danger.text == "he is breaking in right now"
    assert "NOBODY" not in danger.detail
    assert seen.detail == "Sgt. Lee: “officers sent”"


def test_an_alert_of_another_phone_is_no_part_of_the_story():
    books = whole_story()
    other = Reply(sender=OTHER_PHONE, number="+13035550199", body="he is breaking in right now", at=after(60 * 25))
    take_reply(other, books.city.ports)

    assert "danger" not in {moment.what for moment in books.told().moments}


def unwrapped(page):
    """Return a page's words without the ends of its lines, quotes and columns in between."""
    return re.sub(r"\s+", " ", page)


def test_a_story_is_told_in_the_order_of_time():
    moments = whole_story().told().moments

    assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)
    happened = [(moment.what, moment.kind) for moment in moments if moment.what not in ("planned", "delivered")]
    assert happened == [
        ("heard", None),
        ("sent", Kind.ACKNOWLEDGMENT),
        ("sent", Kind.DELAY),
        ("heard", None),
        ("heard", None),
        ("sent", Kind.OUTCOME),
        ("sent", Kind.CASE_NUMBER),
        ("sent", Kind.SURVEY),
        ("answered", Kind.SURVEY),
    ]


def test_a_story_says_what_was_heard_sent_and_answered_and_when():
    page = unwrapped(whole_story().printed())

    assert "11:00:06 +6s heard came by 911; type THEFT; described as “Theft, cold”; priority 3" in page
    assert "caller 1 at (•••) •••-0123 and j•••@•••" in page
    assert "11:00:06 +6s planned delay notice to caller 1: by text, due 11:30:00" in page
    assert "11:30:00 +30m sent delay notice to caller 1 “Springfield PD: officers are delayed" in page
    assert "1 segment, English, AWS End User Messaging, settings 3" in page
    assert "12:35:00 +1h35m heard closed 12:35:00; disposition RPT; case number 26-104104" in page
    assert "Sun 22 Nov 2026 08:00:00 +21h00m sent survey to caller 1" in page
    assert "answered survey by caller 1: respect 5, overall 4, a comment, which --reveal shows" in page
    assert "5 messages went out, and nothing may still go." in page
    assert "Settings 3: published Sat 21 Nov 2026 01:00:00 by R. Rivera: case numbers for theft" in page


def test_a_page_fits_eighty_columns():
    assert max(map(len, whole_story().printed().splitlines())) <= 80


def test_a_sensitive_word_is_told_with_what_it_stopped():
    books = Books()
    books.tell(call("SUSP"))
    books.tell(update(after(4), "u2", incident_type="DV", latches=frozenset({Latch.DO_NOT_CONTACT})))
    told, page = books.told(), unwrapped(books.printed())

    assert "type DV (was SUSP); do not contact" in page
    assert "cancelled delay notice to caller 1: the incident is sensitive" in page
    everybody, delay = told.not_sent
    assert (everybody.who, everybody.detail, everybody.settings_version) == ("everybody", "its type says “DV”", 3)
    assert everybody.kinds == ("dispatched notice", "outcome", "case number", "survey")
    assert (delay.kinds, delay.reason, delay.settings_version) == (("delay notice",), "sensitive", 3)


def test_what_the_person_stopped_is_not_sent():
    books = Books()
    books.tell(call())
    books.city.ports.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, after(0), "STOP")
    books.city.run_until(after(2))

    assert "not sent acknowledgment to caller 1: the person had said STOP" in unwrapped(books.printed())


def test_a_ring_says_in_each_of_its_incidents_which_one_speaks():
    books = Books()
    for number, leader in (("P26-1", "P26-2"), ("P26-2", "P26-3"), ("P26-3", "P26-1")):
        books.tell(call(parties={"1": caller(OTHER_PHONE)}, incident_number=number))
        link = Link(leader, "duplicate_of")
        books.tell(update(after(0.1), "u2", incident_number=number, linked_to=link), at=after(0.1))

    assert "its people (1) are told of this one" in unwrapped(books.printed("P26-1"))
    for number in ("P26-2", "P26-3"):
        said = unwrapped(books.printed(number))
        assert "The same incident as P26-1" in said
        assert "are told of this one" not in said
        assert "its people (1) are told of P26-1" in said


def test_who_waits_for_an_incident_that_nobody_told_of_is_said_on_both():
    books = Books()
    books.tell(call())
    books.tell(update(after(3), "u2", linked_to=Link("P26-9", "duplicate_of")))

    said = unwrapped(books.printed("P26-1"))
    assert "the same as P26-9, of which nobody has told" in said
    assert "wait until Sat 21 Nov 2026 11:08:00" in said
    assert "P26-1 is said to be the same incident, but nobody has told of this one" in unwrapped(books.printed("P26-9"))


def test_a_duplicate_names_the_incident_to_look_at_and_that_one_names_it():
    books = Books()
    books.tell(call())
    books.tell(call(parties={"1": caller(OTHER_PHONE)}, incident_number="P26-2"))
    books.tell(update(after(3), "u2", incident_number="P26-2", linked_to=Link("P26-1", "duplicate_of")))
    books.city.run_until(after(31))

    assert "tenfour explain P26-1" in books.printed("P26-2")
    leader = unwrapped(books.printed("P26-1"))
    assert "P26-2 is the same incident: its people (1) are told of this one" in leader
    assert "sent delay notice to caller 1 “" in leader
    assert "sent delay notice to caller 1 of P26-2 “" in leader


def test_what_would_have_been_sent_in_shadow_is_told_in_its_words():
    books = Books(agency(mode="shadow"))
    books.tell(call())
    books.city.run_until(after(2))
    moment = books.told().moments[-1]

    assert (moment.what, moment.reason, moment.text[:31]) == ("not sent", "shadow", "Springfield PD: we have your ca")


def test_shadow_says_how_many_would_have_gone():
    books = Books(agency(mode="shadow"))
    books.tell(call())
    books.city.run_until(after(2))

    said = unwrapped(books.printed())
    assert "1 message would have gone, had it been live; nothing went out, and 1 may still go." in said


def test_an_open_call_names_what_may_still_come_and_an_ended_one_does_not():
    """The call of a tired lead at 2 am: a story that says “nothing” is believed."""
    books = Books(agency(hours={}))
    books.tell(call("THEFT"))
    books.tell(update(after(5), "u2", arrived_at=after(5)), at=after(5))
    books.city.run_until(after(40))
    open_call = unwrapped(books.printed())
    assert "1 message went out, and nothing waits now." in open_call
    assert "What happens next may bring: outcome, case number, survey." in open_call

    closing = {"closed_at": after(50), "dispositions": ("RPT",)}
    books.tell(update(after(50), "u3", **closing), at=after(50))
    books.city.run_until(after(60))
    closed = unwrapped(books.printed())
    assert re.search(r"2 messages went out, and 1 may still go\. What happens next may bring: case number\.", closed)


def test_a_call_of_nobody_in_particular_is_open_and_says_so():
    books = Books()
    books.tell(call("THEFT", parties={}))

    said = unwrapped(books.printed())
    assert "Nothing went out, and nothing waits now. The call is open: what dispatch says next may change that." in said


def test_a_silent_incident_is_silent_for_good_although_it_is_open():
    books = Books()
    books.tell(call("DV"))

    assert "Nothing went out, and nothing may still go." in unwrapped(books.printed())


def test_after_the_end_of_its_life_a_kind_does_not_come_any_more():
    books = Books(agency(hours={}))
    books.tell(call("THEFT"))
    books.tell(update(after(50), "u3", closed_at=after(50), dispositions=("RPT",)), at=after(50))
    record = books.city.ports.incidents.load(KEY)

    assert "case number" in may_come(record, books.city.agency, after(60))
    assert may_come(record, books.city.agency, after(50) + CASE_NUMBER_LIFE) == ()


def test_each_attempt_and_what_nobody_knows_are_told():
    moods = MoodySender(("retry", "ThrottlingException"), ("ambiguous", "ReadTimeoutError"))
    books = Books(senders=senders(moods, moods))
    books.tell(call())
    books.city.run_until(after(5))
    page = unwrapped(books.printed())

    assert "put off acknowledgment to caller 1: the provider was too busy; it is tried again" in page
    assert "in doubt acknowledgment to caller 1: nobody can say whether it went; the provider did not answer" in page
    assert "attempt 2" in page


def test_many_callers_read_as_one_line_and_their_release_is_told():
    books = Books()
    books.tell(call(parties={str(n): caller(f"+1303555013{n}") for n in range(5)}))
    books.city.run_until(after(3))
    waits = unwrapped(books.printed())
    release = Release(what="mass_call", author="Lt. Park", reason="a concert", at=after(4))
    release_hold(KEY, release, books.city.ports, after(4))
    books.city.run_until(after(5))

    assert "held acknowledgment to callers 0, 1, 2, 3, 4: many people called: a human must decide" in waits
    assert "Nothing went out, and 10 may still go." in waits
    assert "released Lt. Park let go the hold for many callers: “a concert”" in unwrapped(books.printed())


def test_an_update_with_an_error_counts_for_what_it_forbids():
    books = Books()
    books.tell(call())
    books.tell(update(after(1), "u2", incident_type="DV", rejected=True))

    assert "not taken, but what forbids texting counts; its type says “DV”" in unwrapped(books.printed())


def test_an_old_word_is_told_as_one_that_changed_nothing():
    books = Books()
    books.tell(call())
    books.tell(update(after(-5), "u2", parties={"1": caller(OTHER_PHONE)}, priority="1"), at=after(5))

    assert "heard nothing newer than what was known as of 10:55:00" in unwrapped(books.printed())


def test_what_is_kept_for_a_shorter_time_is_told_as_missing():
    books = Books()
    books.tell(call())
    del books.incidents.heard[KEY]

    assert "what dispatch first said of it is not kept any more" in unwrapped(books.printed())


def test_why_somebody_has_no_address_is_told():
    books = Books()
    books.tell(call(parties={"1": {"phone": Phone(problem=PhoneProblem.PSEUDO_911)}}))

    assert "a handset without service" in unwrapped(books.printed())


@pytest.mark.parametrize(
    "address",
    ["303-555-0123", "(303) 555 0123", "+1 303.555.0123", "3035550123", "1-303-555-0123", "555-0123", "303/555/0123"],
)
def test_a_phone_that_somebody_typed_is_masked(address):
    masked = Mask(ours=frozenset({"P26-1234567"})).text(f"P26-1234567 call {address}, at 11:00:04")

    assert masked == "P26-1234567 call (•••) •••-0123, at 11:00:04"


@pytest.mark.parametrize("address", ["jo@people.example", "Jo.Doe+911@mail.people.example"])
def test_an_email_that_somebody_typed_is_masked(address):
    assert Mask().text(f"(write to {address}).") == f"(write to {address[0]}•••@•••)."


typed = st.sampled_from(["call 201-555-0100", "noise (201) 555-0101", "write a@people.example", "+12015550102"])
free_text = st.builds(
    lambda told, words: replace(told, facts=told.facts | words),
    strategies.updates,
    st.fixed_dictionaries({}, optional={"incident_type_description": typed, "type_modifier": typed, "beat": typed}),
)


@settings(max_examples=60)
@given(st.lists(free_text, min_size=1, max_size=6))
def test_no_phone_or_email_is_anywhere_unless_it_is_revealed(updates):
    books = Books()
    for minute, told in enumerate(updates):
        books.tell(told, at=after(minute * 7))
    books.city.run_until(after(300))
    if not books.city.ports.incidents.load(KEY).version:
        return
    seen = books.printed() + msgspec.json.encode(books.told()).decode()

    assert not re.search(r"201\D{0,3}555\D?01\d\d", seen)
    assert "@people" not in seen


def test_nothing_is_revealed_that_could_not_be_logged():
    books = whole_story()
    books.incidents.reveals = None

    with pytest.raises(AttributeError):
        books.told(reveal=ASKED)


def test_what_is_revealed_is_whole_and_logged():
    books = whole_story()
    page = unwrapped(books.printed(reveal=ASKED))

    assert "caller 1 at +13035550123 and jo@people.example" in page
    assert "“Call me: 303-555-0123”" in page
    assert books.incidents.reveals == {KEY: [ASKED]}
    later = unwrapped(books.printed())
    assert "revealed D. Okafor was shown phones, emails and comments: “complaint 26-88”" in later
    assert "+13035550123" not in later


@pytest.mark.parametrize(
    "options",
    [
        ["--reveal"],
        ["--reveal", "--reason", " "],
        ["--reason", "x"],
    ],
)
def test_who_wants_to_see_phones_says_why(options):
    result = CliRunner().invoke(cli, ["explain", "P26-1", *options])

    assert (result.exit_code, result.stderr.count("\n"), result.stdout) == (2, 1, "")


def test_an_incident_that_is_not_there_is_unknown_and_nothing_is_logged():
    books = Books()

    with pytest.raises(Unknown, match="springfield has no incident 'P26-1'"):
        books.told(reveal=ASKED)
    with pytest.raises(Unknown, match="'shelbyville' has no published settings"):
        read(books, IncidentKey("shelbyville", "P26-1"))
    assert books.incidents.reveals == {}


def test_every_reason_state_kind_and_field_has_words():
    assert set(PLAIN) == set(Reason)
    assert set(WHAT) == set(State)
    assert set(KINDS) == set(Kind)
    assert set(PROVIDERS) == set(REGISTRY)
    assert set(FIELDS) == set(Facts.__struct_fields__)
    assert set(LATCHES) == set(Latch)
    assert set(HELD) == permit._HOLDS


@pytest.mark.parametrize(
    "code",
    sorted(
        code.rpartition(":")[2]
        for code in {*end_user_messaging.CODES, *sns.CODES, *twilio.CODES, *ses.CODES, *(r.value for r in Reason)}
    ),
)
def test_every_code_that_stops_a_message_has_words(code):
    assert why(code)
    assert code not in why(code) or "_" not in code


@pytest.mark.parametrize("event", [name for name, state in messaging_events.STATES.items() if state])
def test_every_receipt_of_a_text_has_words(event):
    reason = event.removeprefix("TEXT_").lower()

    assert reason in list(State) or not why(reason).startswith("the provider says")


@pytest.mark.parametrize("reason", sorted({*twilio_events.REASONS.values(), *twilio_events.STATES}))
def test_every_receipt_of_a_text_by_twilio_has_words(reason):
    settles = twilio_events.STATES.get(reason, reason)

    assert settles is None or reason in list(State) or not why(reason).startswith("the provider says")


@pytest.mark.parametrize("event", [name for name, state in ses_events.STATES.items() if state])
def test_every_receipt_of_an_email_has_words(event):
    assert not why(event.lower()).startswith("the provider says")


def test_a_text_that_waited_for_a_carrier_that_blocks_is_told_as_that():
    """The last call of the scenario: its carrier had blocked five texts, and it waited until it was stale."""
    rules = as_if_live(load_settings(SCENARIOS / NOT_A_SCENARIO))
    played = play(read_scenario(SCENARIOS / "carrier-blocks.toml"), rules)
    records = {record.incident.incident_number: record for record in played.records}
    told = {
        number: [(moment.what, moment.detail) for moment in story.moments]
        for number, record in records.items()
        for story in [teller.explain(Story(record=record), {}, rules, (), at=after(60))]
    }

    assert ("not delivered", "the carrier blocked it") in told["P26-5"]
    assert ("held", "the carrier blocks the texts of our number; one is tried from time to time") in told["P26-8"]
    assert ("not sent", "the carrier blocked the texts of our number until it was too late") in told["P26-8"]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("kind", Kind)
def test_a_notification_in_any_state_is_told(state, kind):
    steps = ((after(1), state, ""),)
    one = row(kind, state=state, steps=msgspec.convert(steps, tuple[Step, ...]), body="words", settings_version=3)
    incident = replace(Incident(agency_id="springfield", incident_number="P26-1"), facts=Facts(received_at=after(0)))
    record = IncidentRecord(incident=incident, rows={one.key: one}, version=1, created_at=after(0))
    told = teller.explain(Story(record=record), {}, agency(), (), at=after(2))

    assert WHAT[state] in [moment.what for moment in told.moments] or state is State.SCHEDULED
    assert len(told.waiting) == one.awaits
    gone_well = state in (State.SENT, State.DELIVERED)
    assert bool(told.not_sent) == (not one.awaits and not gone_well)
