"""STOP, START, HELP and everything else: what is stored, what is answered, and what is not."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.receipt import Receipt
from chalicelib.domain.notifications.text_code import WRONG_A_MINUTE, text_code
from chalicelib.domain.people.consent import Person, unsubscribe_token
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.reply import Intent, Reply
from chalicelib.domain.settings.incident_types import LanguageWords
from chalicelib.domain.settings.providers import Providers
from chalicelib.flow.notifications.record_receipt import take_receipt
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.flow.people.unsubscribe import ONE_CLICK, show_unsubscribe, unsubscribe
from chalicelib.flow.people.verify import check_code, show_senders
from chalicelib.ports.carrier import SendFailed
from chalicelib.virtual.world import MemoryPorts, MemorySender
from tests.factories import NOW, PHONE, after, agency, call, caller, update
from tests.flow.city import City, ports

EMAIL = "jo@people.example"


def reply(body, minutes=0.0, name=""):
    return Reply(sender=PHONE, number="+13035550199", body=body, at=after(minutes), message_id=name or f"in-{minutes}")


def bodies(world):
    return [item.body for item in world.sms.outgoing]


def opted_out(world, address=PHONE):
    return world.contacts.load("springfield", address, NOW.date()).opted_out


def test_a_stop_is_confirmed_once_and_then_there_is_silence():
    world = ports()
    for minute, body in enumerate(("STOP", "STOP", "stop texting me", "ok", "are you there?", "quit")):
        take_reply(reply(body, minute * 3), world)

    (confirmed,) = bodies(world)
    assert confirmed.startswith("Springfield PD: you will get no more texts from us. Reply START to get them again.")
    assert "911" in confirmed
    assert opted_out(world) is OptOutScope.ALL


def test_who_is_in_danger_is_told_to_call_911_even_after_a_stop():
    world = ports()
    take_reply(reply("STOP", 0), world)
    take_reply(reply("he is back and he has a gun", 5), world)

    assert "911 now" in bodies(world)[-1]
    assert opted_out(world) is OptOutScope.ALL


@pytest.mark.parametrize(
    "body",
    [
        "Stop texting me. My ex is back and he has a gun",
        "STOP 🆘",
        "He’s outside with a gun. Stop. I moved.",
        "STOP he’s back",
        " STOP my ex is outside",
    ],
)
def test_a_stop_that_speaks_of_danger_is_both(body):
    world = ports()

    assert take_reply(reply(body), world) is Intent.STOP
    (sent,) = bodies(world)
    assert opted_out(world) is OptOutScope.ALL
    assert "call or text 911 now" in sent
    assert "no more texts from us" in sent
    assert [one.words for one in world.contacts.replies("springfield")] == [body]
    assert [one.desk for one in world.desks.told] == ["alerts"]


@pytest.mark.parametrize("body", ["Stop he's hitting me", "MAKE HIM STOP HE HAS A GUN", "STOP HE HAS A GUN"])
def test_a_cry_for_help_is_no_stop(body):
    world = ports()

    assert take_reply(reply(body), world) is Intent.OTHER
    assert opted_out(world) is None
    assert [one.desk for one in world.desks.told] == ["alerts"]


def test_a_stop_is_confirmed_although_danger_was_answered_a_moment_ago():
    world = ports()
    take_reply(reply("he has a gun", 0), world)
    take_reply(reply("stop texting me. he has a gun", 0.1), world)

    assert "no more texts" not in bodies(world)[0]
    assert "no more texts" in bodies(world)[1]


def test_two_stops_at_once_are_confirmed_once():
    world = ports()
    load = world.contacts.load
    world.contacts.load = lambda *who: load("nobody", *who[1:])  # both were read before either was written

    take_reply(reply("STOP", 0), world)
    take_reply(reply("STOP", 0.01), world)

    assert len(bodies(world)) == 1


def test_a_start_is_confirmed_and_texts_come_again():
    world = ports()
    for minute, body in enumerate(("STOP", "START", "hello")):
        take_reply(reply(body, minute * 2), world)

    assert ["no more texts" in bodies(world)[0], "texts about your calls again" in bodies(world)[1]] == [True, True]
    assert "not monitored" in bodies(world)[2]
    assert opted_out(world) is None


def test_yes_is_confirmed_as_a_start_by_who_had_stopped_and_answered_as_anything_else():
    world = ports()
    assert take_reply(reply("YES", 0), world) is Intent.YES
    take_reply(reply("STOP", 2), world)
    take_reply(reply("yes", 4), world)

    assert "not monitored" in bodies(world)[0]
    assert "again" in bodies(world)[2]
    assert [kept.words for kept in world.contacts.replies("springfield")] == ["YES"]


@pytest.mark.parametrize("before", ["", "STOP"])
def test_help_says_who_we_are_even_to_who_has_stopped(before):
    world = ports()
    if before:
        take_reply(reply(before, 0), world)
    take_reply(reply("HELP", 5), world)

    assert bodies(world)[-1].startswith("Springfield PD texts you about your calls. This number is not monitored.")
    assert "911" in bodies(world)[-1]


def test_anything_else_is_answered_at_once_and_kept_for_the_agency():
    world = ports()
    take_reply(reply("He is back, blue car"), world)

    (sent,), (kept,) = world.sms.outgoing, world.contacts.replies("springfield")
    assert (sent.address, sent.sender) == (PHONE, "+13035550199")
    assert "not monitored" in sent.body
    assert "call or text 911" in sent.body
    assert (kept.words, kept.last_digits, kept.at) == ("He is back, blue car", "0123", NOW)


def test_somebody_who_writes_all_day_is_answered_all_day_but_not_each_time():
    world = ports()
    for minute in range(24 * 60):
        take_reply(reply("hello?", minute), world)

    assert len(bodies(world)) == 24 * 5
    assert len(list(world.contacts.replies("springfield"))) == 24 * 60


def test_a_text_that_is_heard_twice_is_answered_once():
    world = ports()
    for minute in (0, 5, 10):
        take_reply(reply("hello?", minute, name="in-same"), world)

    assert len(bodies(world)) == 1


def test_a_stop_is_stored_although_its_confirmation_fails():
    world = ports()
    world.sms.send = _refuse

    assert take_reply(reply("STOP"), world) is Intent.STOP
    assert opted_out(world) is OptOutScope.ALL


def _refuse(outgoing):
    raise SendFailed("permanent", "refused")


@pytest.mark.parametrize(("number", "by"), [("+13035550199", "end_user_messaging"), ("+13035550150", "twilio")])
@pytest.mark.parametrize("chosen", ["end_user_messaging", "twilio"])
def test_an_answer_comes_from_the_number_that_was_texted_after_a_change_of_provider_too(number, by, chosen):
    numbers = replace(agency().numbers, twilio_from="+13035550150")
    world = MemoryPorts(agency(numbers=numbers, providers=Providers(sms=(chosen,))))
    world.senders = {name: MemorySender() for name in ("end_user_messaging", "twilio")}
    take_reply(replace(reply("STOP"), number=number), world)

    sent = {name: [one.sender for one in sender.outgoing] for name, sender in world.senders.items()}
    assert {name: froms for name, froms in sent.items() if froms} == {by: [number]}


def test_an_agency_in_shadow_answers_nobody_and_still_hears_a_stop():
    world = MemoryPorts(agency(mode="shadow"))
    take_reply(reply("STOP"), world)
    take_reply(reply("HELP", 3), world)

    assert (bodies(world), opted_out(world)) == ([], OptOutScope.ALL)


@pytest.mark.parametrize("body", ["no me manden más mensajes", "ALTO"])
def test_spanish_is_answered_in_spanish(body):
    world = ports()
    take_reply(reply(body), world)

    assert "no le mandaremos textos" in bodies(world)[0]


def test_stop_is_answered_in_the_language_of_todays_text():
    city = City(agency(languages=("es",)))
    city.tell(call(parties={"1": caller(language="es")}))
    city.run_until(after(2))
    take_reply(reply("STOP", 3), city.ports)

    assert "no le mandaremos textos" in city.texts()[-1]


def test_who_wants_no_surveys_gets_everything_else():
    city = City()
    city.tell(call())
    take_reply(reply("no more surveys", 0.1), city.ports)
    city.tell(update(after(20), "u2", arrived_at=after(15), closed_at=after(20), dispositions=("HAN",)))
    city.run_until(after(60 * 30))

    assert city.row(Kind.SURVEY).reason == Reason.OPTED_OUT
    assert city.row(Kind.OUTCOME).state == "delivered"
    assert "no more surveys" in city.texts()[0]


def test_a_stop_of_surveys_takes_no_stop_of_all_back():
    world = ports()
    take_reply(reply("STOP"), world)
    take_reply(reply("stop surveys", 2), world)

    assert (opted_out(world), len(bodies(world))) == (OptOutScope.ALL, 1)


def test_each_word_is_kept_with_its_source():
    world = ports()
    take_reply(reply("STOP"), world)
    take_reply(reply("start", 1), world)
    world.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, after(2), "complaint")

    told = [(word.opted_out, word.words, word.source) for word in world.contacts.history("springfield", PHONE)]
    assert told == [("all", "STOP", "reply"), (None, "start", "reply"), ("all", "complaint", "provider")]


@pytest.mark.parametrize("channels", [("sms", "email"), ("email", "sms")])
def test_a_stop_by_text_silences_a_persons_emails_too_and_start_restores(channels):
    city = City(agency(channels=channels))
    party = caller(email=EMAIL)
    city.tell(call(parties={"1": party}))
    take_reply(reply("STOP", 0.1), city.ports)
    city.run_until(after(20))
    take_reply(reply("START", 21), city.ports)
    city.run_until(after(40))

    assert city.row(Kind.ACKNOWLEDGMENT).reason == Reason.OPTED_OUT
    assert city.row(Kind.DELAY).state == "delivered"


def emailed():
    """A city in which one email has just gone, and the link in it."""
    city = City()
    city.tell(call(parties={"1": {"email": EMAIL}}))
    city.run_until(after(2))
    return city, city.ports.email.outgoing[0]


def test_links_and_callbacks_keep_the_path_of_the_surveys_link():
    """API Gateway's own address begins every path with the stage, and answers 403 to any other."""
    home = "https://a1b2.execute-api.us-west-2.amazonaws.com/api"
    rules = agency()
    city = City(replace(rules, survey=replace(rules.survey, link=f"{home}/s")))
    city.tell(call(parties={"1": {"email": EMAIL}}))
    city.tell(call(at=after(1), incident_number="P26-2"))
    city.run_until(after(3))
    (mail,), (text,) = city.ports.email.outgoing, city.ports.sms.outgoing

    assert mail.unsubscribe.startswith(f"{home}/u/springfield.")
    assert mail.unsubscribe in mail.body
    assert text.origin == home
    assert home in show_senders("springfield", "en", city.ports).links_to


def test_an_email_has_a_link_that_ends_them_and_what_is_stored_has_none():
    city, mail = emailed()

    assert mail.unsubscribe.startswith("https://tell.springfield.ex/u/springfield.")
    assert mail.unsubscribe in mail.body
    assert EMAIL not in mail.unsubscribe
    assert mail.unsubscribe not in city.row(Kind.ACKNOWLEDGMENT).body
    assert city.row(Kind.ACKNOWLEDGMENT).body.count("https://tell.springfield.ex/u/…") == 1


def bounce(mail):
    """Tell that the mailbox of an email is none."""
    key = NotificationKey.from_id(mail.id)
    return Receipt(
        notification=key,
        state=State.UNDELIVERED,
        reason="general",
        at=after(3),
        provider="ses",
        reference="m",
        bounced=True,
    )


def test_a_mailbox_that_bounced_gets_nothing_more_and_its_owners_phone_still_does():
    city, mail = emailed()
    take_receipt(bounce(mail), city.ports)
    city.tell(call(at=after(5), incident_number="P26-2", parties={"1": {"email": EMAIL}}))
    city.tell(call(at=after(6), incident_number="P26-3", parties={"1": caller(email=EMAIL)}))
    city.run_until(after(10))

    assert city.ports.contacts.load("springfield", EMAIL, NOW.date()).bounced
    assert city.row(Kind.ACKNOWLEDGMENT, number="P26-2").reason == Reason.OPTED_OUT
    assert city.row(Kind.ACKNOWLEDGMENT, number="P26-3").state == "delivered"


@pytest.mark.parametrize("bounces_first", [True, False])
def test_no_more_surveys_after_a_bounce_or_before_it_ends_the_surveys_alone(bounces_first):
    city, mail = emailed()
    steps = [lambda: take_receipt(bounce(mail), city.ports)]
    steps.append(lambda: unsubscribe(token_of(mail), {"choice": "surveys"}, "en", city.ports, after(3.5)))
    for step in steps if bounces_first else reversed(steps):
        step()
    phone = caller(email=EMAIL)
    city.tell(call(at=after(5), incident_number="P26-2", parties={"1": {"email": EMAIL}}))
    city.tell(call(at=after(6), incident_number="P26-3", parties={"1": phone}))
    city.tell(call(at=after(20), incident_number="P26-3", parties={"1": phone}, arrived_at=after(15)))
    closed = {"arrived_at": after(15), "closed_at": after(60), "dispositions": ("HAN",)}
    city.tell(call(at=after(60), incident_number="P26-3", parties={"1": phone}, **closed))
    city.run_until(after(3 * 24 * 60))

    assert opted_out(city.ports, EMAIL) is OptOutScope.SURVEYS
    assert city.row(Kind.ACKNOWLEDGMENT, number="P26-2").reason == Reason.OPTED_OUT
    assert city.row(Kind.ACKNOWLEDGMENT, number="P26-3").state == "delivered"
    assert city.row(Kind.SURVEY, number="P26-3").reason == Reason.OPTED_OUT


def test_a_bounce_takes_nothing_from_what_a_person_said():
    city, mail = emailed()
    unsubscribe(token_of(mail), {"choice": "all"}, "en", city.ports, after(2.5))
    take_receipt(bounce(mail), city.ports)
    city.tell(call(at=after(6), incident_number="P26-3", parties={"1": caller(email=EMAIL)}))
    city.run_until(after(10))

    assert city.row(Kind.ACKNOWLEDGMENT, number="P26-3").reason == Reason.OPTED_OUT


def test_a_start_by_text_takes_back_an_earlier_link_for_texts_and_not_for_emails():
    city, mail = emailed()
    unsubscribe(token_of(mail), {"choice": "all"}, "en", city.ports, after(3))
    take_reply(reply("START", 4), city.ports)
    city.tell(call(at=after(5), incident_number="P26-2", parties={"1": {"email": EMAIL}}))
    city.tell(call(at=after(6), incident_number="P26-3", parties={"1": caller(email=EMAIL)}))
    city.run_until(after(10))

    assert city.row(Kind.ACKNOWLEDGMENT, number="P26-2").reason == Reason.OPTED_OUT
    assert city.row(Kind.ACKNOWLEDGMENT, number="P26-3").state == "delivered"
    unsubscribe(token_of(mail), {"choice": "all"}, "en", city.ports, after(11))
    city.run_until(after(60))
    assert city.row(Kind.DELAY, number="P26-3").reason == Reason.OPTED_OUT


def token_of(mail):
    return mail.unsubscribe.rpartition("/")[2]


@pytest.mark.parametrize(
    ("form", "scope"),
    [({"choice": "all"}, OptOutScope.ALL), (ONE_CLICK, OptOutScope.ALL), ({"choice": "surveys"}, OptOutScope.SURVEYS)],
)
def test_looking_at_a_link_changes_nothing_and_its_button_acts(form, scope):
    city, mail = emailed()
    assert show_unsubscribe(token_of(mail), "en", city.ports).standing == "ask"
    assert opted_out(city.ports, EMAIL) is None

    page = unsubscribe(token_of(mail), form, "en", city.ports, after(3))

    assert (page.standing, opted_out(city.ports, EMAIL)) == (f"done_{scope}", scope)
    assert city.ports.contacts.history("springfield", EMAIL)[0].source == "email_link"
    unsubscribe(token_of(mail), {"choice": "none"}, "en", city.ports, after(4))
    assert opted_out(city.ports, EMAIL) is None


@pytest.mark.parametrize("form", [{}, {"choice": "everything"}, {"List-Unsubscribe": "x"}])
def test_a_form_that_says_nothing_does_nothing(form):
    city, mail = emailed()

    assert unsubscribe(token_of(mail), form, "en", city.ports, after(3)).standing == "ask"
    assert opted_out(city.ports, EMAIL) is None


def test_a_link_that_is_none_is_said_kindly():
    world = ports()
    nobodys = unsubscribe_token(world.unsubscribe_secret, Person("shelbyville", world.contacts.reference(EMAIL)))

    for token in ("x", nobodys):
        page = unsubscribe(token, {"choice": "all"}, "es", world, NOW)
        assert (page.standing, page.language) == ("unknown", "es")
    assert opted_out(world, EMAIL) is None


def coded():
    """A city whose acknowledgments have a code, one of which has just gone; and the code."""
    text = "{{ agency }}: we have your call {{ incident_number }}. Code {{ code }}. Reply STOP to opt out."
    city = City(agency(words={"en": LanguageWords(sms={"acknowledgment": text})}))
    city.tell(call())
    city.run_until(after(2))
    return city, text_code(city.ports.code_secret, city.row(Kind.ACKNOWLEDGMENT).key)


def asked(city, typed, at=None):
    return check_code("springfield", typed, "en", city.ports, at or after(3)).standing


def test_a_code_in_a_text_is_confirmed_for_two_weeks():
    city, code = coded()

    assert f"Code {code}." in city.texts()[0]
    assert asked(city, code.lower()) == "yes"
    assert asked(city, code, NOW + timedelta(days=13)) == "yes"
    assert asked(city, code, NOW + timedelta(days=15)) == "no"


@pytest.mark.parametrize("typed", ["P26-1", PHONE, "303-555-0123", "ABC234", "<script>"])
def test_nothing_else_is_confirmed(typed):
    city, _ = coded()

    assert asked(city, typed) == "no"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_first_text_and_the_one_with_a_link_have_a_code_in_tenfours_own_words(language):
    survey = replace(agency().survey, after=Duration(minutes=1))
    city = City(agency(languages=(language,), survey=survey))
    city.tell(call(parties={"1": caller(language=language)}))
    city.tell(update(after(20), "u2", arrived_at=after(15), closed_at=after(20), dispositions=("HAN",)))
    city.run_until(after(60 * 30))

    for kind in (Kind.ACKNOWLEDGMENT, Kind.SURVEY):
        code = text_code(city.ports.code_secret, city.row(kind).key)
        assert sum(code in text for text in city.texts()) == 1
        assert asked(city, code, after(60 * 30)) == "yes"


def test_a_text_without_a_code_stores_none():
    city = City()
    city.tell(call())
    city.run_until(after(31))

    assert city.row(Kind.DELAY).state == "delivered"
    assert asked(city, text_code(city.ports.code_secret, city.row(Kind.DELAY).key), after(32)) == "no"


def test_who_guesses_is_told_nothing_until_the_next_minute():
    city, code = coded()
    answers = [asked(city, "ABC234") for _ in range(WRONG_A_MINUTE)]

    assert set(answers) == {"no"}
    assert asked(city, code) == "wait"
    assert asked(city, code, after(4)) == "yes"


def test_a_page_says_where_texts_come_from():
    page = show_senders("springfield", "en", ports())

    assert (page.texts_from, page.links_to) == (("(303) 555-0199",), ("https://tell.springfield.ex",))
    assert show_senders("shelbyville", "en", ports()).standing == "unknown"
    assert show_senders("../x", "en", ports()).standing == "unknown"
