"""Conversations at the desk: no person in a list, each look and act noted, and an answer goes as it was shown, once."""

import re
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest
from msgspec.structs import replace

from chalicelib.domain.ledger.what import What
from chalicelib.domain.people.reply import Reply
from chalicelib.domain.settings.conversation import Conversation
from chalicelib.flow.people.converse import say
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.flow.people.send_answer import deliver_answer
from chalicelib.virtual.world import senders
from chalicelib.web.desk.conversation_pages import mark_of
from tests.factories import OTHER_PHONE, PHONE, caller
from tests.flow.city import MoodySender
from tests.flow.people.test_conversation import RULES, WATCHED
from tests.web.desk.world import SPRINGFIELD, asked, story

OURS = replace(SPRINGFIELD, conversation=RULES, watchers=WATCHED, languages=("es",))
LIST = "/desk/springfield/conversations"
THREAD = "/desk/springfield/conversation"
ANSWER = "/desk/springfield/conversation-answer"
WORDS = "are you still coming? <b>Jo</b> 303-555-0177"


@pytest.fixture
def talk(world):
    """Return a desk at which a caller texted back five minutes ago."""
    use(world, OURS)
    story(world, minutes=30)
    hear(world)
    return world


def use(world, settings):
    world.city.agency = settings
    world.settings._port._agencies["springfield"] = settings


def hear(world, body=WORDS, minutes=5.0, phone=PHONE):
    at = world.now - timedelta(minutes=minutes)
    world.city.ports.tell_time(at)
    told = Reply(sender=phone, number=OURS.numbers.sms_from, body=body, at=at, message_id=f"m{minutes}{phone}")
    take_reply(told, world.city.ports)


def keyed(world, phone=PHONE):
    return world.contacts.reference(phone).keyed_hash


def thread(world, cookie, phone=PHONE):
    return asked(world, "GET", THREAD, cookie=cookie, query={"with": keyed(world, phone)})


def fields(page):
    """Return the hidden fields of the page's form for an answer, with its first answer chosen."""
    form = page.body.split('action="/desk/springfield/conversation-answer"')[1]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def answers(world):
    return [one.body for one in world.city.ports.sms.outgoing if one.id.endswith("-seen")]


def deliver(world):
    for key in world.queue.answers:
        deliver_answer(key, world.city.ports, world.now)


def test_a_list_has_a_call_an_age_and_a_state_and_nothing_of_a_person(talk):
    page = asked(talk, "GET", LIST, cookie=talk.signed_in("supervisor"))

    assert page.status_code == 200
    assert "Call P26-1" in page.body
    assert "…0123" in page.body
    assert "Not read yet" in page.body
    assert "5 min ago" in page.body
    assert not any(part in page.body for part in ("still coming", "3035550123", "Jo", "0177"))
    assert talk.ledger.said == []


def test_a_thread_shows_what_they_wrote_and_what_we_sent_before_and_the_look_is_noted(talk):
    page = thread(talk, talk.signed_in("supervisor"))

    assert page.status_code == 200
    assert page.body.count("<h1>") == 1
    assert "are you still coming? &lt;b&gt;Jo&lt;/b&gt; (•••) •••-0177" in page.body
    assert page.body.index("We sent a text") < page.body.index("They wrote")
    assert "3035550123" not in page.body
    assert talk.ledger.said == [(What.LOOKED, f"person {keyed(talk)[:12]}")]


def test_words_that_cannot_be_noted_are_not_shown(talk):
    talk.ledger.down = True
    page = thread(talk, talk.signed_in("supervisor"))

    assert page.status_code == 503
    assert "still coming" not in page.body


@pytest.mark.parametrize("role", ["watch", "records", "advocate", "quality", "admin", "auditor"])
@pytest.mark.parametrize(("method", "path"), [("GET", LIST), ("GET", THREAD), ("POST", THREAD), ("POST", ANSWER)])
def test_nobody_but_a_supervisor_sees_or_answers(talk, role, method, path):
    form = {"with": keyed(talk), "at": talk.now.isoformat(), "answer": "seen:x"}
    given = asked(talk, method, path, cookie=talk.signed_in(role), query={"with": keyed(talk)}, form=form)

    assert given.status_code == 403
    assert "still coming" not in given.body
    assert answers(talk) == []


def test_another_agencys_supervisor_learns_nothing(talk):
    cookie = talk.signed_in("supervisor", where="other")
    ours = asked(talk, "GET", THREAD, cookie=cookie, query={"with": keyed(talk)})
    none = asked(talk, "GET", THREAD, cookie=cookie, query={"with": "f" * 64})
    elsewhere = asked(talk, "GET", "/desk/shelbyville/conversation", cookie=cookie, query={"with": keyed(talk)})

    assert (ours.status_code, ours.body.replace(keyed(talk), "f" * 64)) == (none.status_code, none.body)
    assert elsewhere.status_code == 404
    assert "still coming" not in elsewhere.body


def test_what_somebody_marked_as_read_says_by_whom_and_when_to_everybody(talk):
    cookie = talk.signed_in("supervisor")
    reply_at = talk.conversations.of("springfield", keyed(talk), 5).replies[0].at
    done = asked(talk, "POST", THREAD, cookie=cookie, form={"with": keyed(talk), "at": reply_at.isoformat()})
    other = asked(talk, "GET", LIST, cookie=talk.signed_in("supervisor", cookie="other-cookie", name="Lee Park"))

    assert done.status_code == 303
    assert "Read by Dana Ruiz" in other.body
    assert (What.SAW_REPLIES, f"person {keyed(talk)[:12]}") in talk.ledger.said
    assert talk.conversations.unread("springfield", 9) == ()


def test_what_came_after_the_page_was_opened_stays_unread(talk):
    cookie = talk.signed_in("supervisor")
    first = talk.conversations.of("springfield", keyed(talk), 5).replies[0].at
    hear(talk, "hello?", 1)
    asked(talk, "POST", THREAD, cookie=cookie, form={"with": keyed(talk), "at": first.isoformat()})

    assert [one.reply_at for one in talk.conversations.unread("springfield", 9)] == [talk.now - timedelta(minutes=1)]


def test_an_answer_goes_exactly_as_it_was_shown(talk):
    cookie = talk.signed_in("supervisor")
    page = thread(talk, cookie)
    done = asked(talk, "POST", ANSWER, cookie=cookie, form=fields(page))
    deliver(talk)
    after = thread(talk, cookie)

    assert "Springfield PD: we have read your text." in page.body
    assert done.status_code == 303
    assert PHONE not in done.headers["Location"]
    assert answers(talk) == ["Springfield PD: we have read your text."]
    assert (What.ANSWERED, f"person {keyed(talk)[:12]}") in talk.ledger.said
    assert "Dana Ruiz answered" in after.body
    assert "Sent." in after.body
    assert "Read by Dana Ruiz" in after.body


def test_a_person_who_writes_spanish_is_shown_and_sent_spanish(talk):
    hear(talk, "gracias, cuando vienen ustedes por favor", 1)
    cookie = talk.signed_in("supervisor")
    page = thread(talk, cookie)
    asked(talk, "POST", ANSWER, cookie=cookie, form=fields(page))
    deliver(talk)

    assert '<span class="bubble" lang="es">Springfield PD: leído.</span>' in page.body
    assert answers(talk) == ["Springfield PD: leído."]


def test_of_two_supervisors_who_press_one_is_told_that_the_other_was_first(talk):
    one, other = talk.signed_in("supervisor"), talk.signed_in("supervisor", cookie="other-cookie", name="Lee Park")
    first, second = thread(talk, one), thread(talk, other)
    done = asked(talk, "POST", ANSWER, cookie=one, form=fields(first))
    refused = asked(talk, "POST", ANSWER, cookie=other, form=fields(second))
    deliver(talk)

    assert (done.status_code, refused.status_code) == (303, 409)
    assert "Somebody else sent the same text a moment before you" in refused.body
    assert len(answers(talk)) == 1


def test_a_page_that_is_an_hour_old_sends_nothing_where_something_happened_since(talk):
    cookie = talk.signed_in("supervisor")
    page = thread(talk, cookie)
    hear(talk, "he left", 1)
    refused = asked(talk, "POST", ANSWER, cookie=cookie, form=fields(page))

    assert refused.status_code == 409
    assert "They have written since you opened this page" in refused.body
    use(talk, replace(OURS, conversation=replace(RULES, answers={"seen": {"en": "{{ agency }}: other words."}})))
    newer = fields(page) | {"at": (talk.now - timedelta(minutes=1)).isoformat()}
    assert "changed this text" in asked(talk, "POST", ANSWER, cookie=cookie, form=newer).body
    assert talk.queue.answers == []


def test_an_answer_that_another_gave_meanwhile_is_said(talk):
    two = replace(RULES, answers={**RULES.answers, "call_us": {"en": "{{ agency }}: call us."}})
    use(talk, replace(OURS, conversation=two))
    one, other = talk.signed_in("supervisor"), talk.signed_in("supervisor", cookie="other-cookie", name="Lee Park")
    given = fields(thread(talk, other))
    seen, call_us = (f"{name}:{mark_of(say(talk.city.agency, name, 'en'))}" for name in ("seen", "call_us"))
    talk.now += timedelta(seconds=5)
    asked(talk, "POST", ANSWER, cookie=one, form={**fields(thread(talk, one)), "answer": seen})
    refused = asked(talk, "POST", ANSWER, cookie=other, form={**given, "answer": call_us})
    again = asked(talk, "POST", ANSWER, cookie=other, form={**fields(refused), "answer": call_us})

    assert refused.status_code == 409
    assert "Somebody has answered since you opened this page" in refused.body
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (lambda world: hear(world, "STOP", 1), "messages to this person are stopped"),
        (lambda world: hear(world, "he has a gun", 1), "wrote of danger"),
        (lambda world: story(world, "P26-2", "DV", minutes=4), "this person is silenced"),
        (lambda world: use(world, replace(OURS, conversation=Conversation())), "conversations are off"),
        (lambda world: use(world, replace(OURS, mode="shadow")), "in shadow"),
    ],
)
def test_where_nobody_may_be_answered_the_page_says_why_and_a_forged_form_sends_nothing(talk, happens, said):
    cookie = talk.signed_in("supervisor")
    given = fields(thread(talk, cookie))
    happens(talk)
    page = thread(talk, cookie)
    forged = asked(talk, "POST", ANSWER, cookie=cookie, form=given)
    deliver(talk)

    assert said in page.body
    assert "conversation-answer" not in page.body
    assert forged.status_code == 409
    assert answers(talk) == []


@pytest.mark.parametrize("answer", ["", "seen", "seen:0", "not_read:0", "free text", "../x:1", "seen:" + "0" * 12])
def test_no_text_of_somebodys_own_is_sent(talk, answer):
    cookie = talk.signed_in("supervisor")
    given = fields(thread(talk, cookie))
    refused = asked(
        talk, "POST", ANSWER, cookie=cookie, form={**given, "answer": answer, "body": "hello", "text": "hi"}
    )

    assert refused.status_code == 409
    assert talk.queue.answers == []


def test_an_answer_that_cannot_be_noted_is_not_sent(talk):
    cookie = talk.signed_in("supervisor")
    given = fields(thread(talk, cookie))
    talk.ledger.down = True
    refused = asked(talk, "POST", ANSWER, cookie=cookie, form=given)
    deliver(talk)

    assert refused.status_code == 503
    assert answers(talk) == []
    assert talk.conversations.of("springfield", keyed(talk), 5).replies[0].seen_at is None


@pytest.mark.parametrize("given", ["", "x", "+13035550123", "0" * 63, "g" * 64, "f" * 64, "0" * 64 + "\n"])
def test_an_address_that_leads_to_nobody_says_so_and_says_it_not_again(talk, given):
    page = asked(talk, "GET", THREAD, cookie=talk.signed_in("supervisor"), query={"with": given, "at": "<script>"})

    assert page.status_code == 404
    assert "This conversation is not kept" in page.body
    assert "<script>" not in page.body
    assert "3035550123" not in page.body


def test_danger_stands_first_then_what_waits_longest_and_the_rest_last(talk):
    for number, (phone, minutes) in enumerate((("+13035550131", 50), ("+13035550132", 40), ("+13035550133", 3))):
        story(talk, f"P26-{number + 5}", minutes=60, parties={"1": caller(phone)})
        hear(talk, "he has a gun" if number == 2 else f"hello {number}", minutes, phone)
    page = asked(talk, "GET", LIST, cookie=talk.signed_in("supervisor"))

    assert re.findall(r'class="digits">…(\d{4})', page.body) == ["0133", "0131", "0132", "0123"]
    assert "DANGER" in page.body
    assert "NOT READ for too long" in page.body


def test_a_list_that_is_long_goes_on_by_a_link(talk):
    for number in range(40):
        hear(talk, f"hello {number}", 10 + number, f"+1303555{2000 + number}")
    cookie = talk.signed_in("supervisor")
    page = asked(talk, "GET", LIST, cookie=cookie)
    after = re.search(r'conversations\?after=([^"]+)"', page.body)[1]
    older = asked(talk, "GET", LIST, cookie=cookie, query={"after": unquote(after)})

    assert older.status_code == 200
    assert len(re.findall('class="digits"', older.body)) == 11
    for hostile in ("<script>", "x" * 500, quote("!replies#other")):
        assert asked(talk, "GET", LIST, cookie=cookie, query={"after": hostile}).status_code == 200


def test_an_unknown_phone_is_read_and_not_answered(talk):
    hear(talk, "who is this", 2, OTHER_PHONE)
    page = thread(talk, talk.signed_in("supervisor"), OTHER_PHONE)

    assert "who is this" in page.body
    assert "no call of this phone is known" in page.body


def test_the_page_says_that_conversations_are_off(world):
    page = asked(world, "GET", LIST, cookie=world.signed_in("supervisor"))

    assert page.status_code == 200
    assert "Conversations are off" in page.body
    assert "Nobody has texted back." in page.body


def test_words_of_danger_say_who_tells_them_to_call_911_and_where_their_phone_is(talk):
    hear(talk, "he is breaking in", minutes=1)
    page = thread(talk, talk.signed_in("supervisor")).body

    assert "tenfour itself tells them to call 911" in page
    assert "Their phone and place are with this call in dispatch&#39;s own system." in page


def test_nobody_is_promised_a_text_that_does_not_go(talk):
    promise = "they are told that nobody has read it, unless somebody does."
    cookie = talk.signed_in("supervisor")
    before = thread(talk, cookie).body
    hear(talk, "STOP", 1)

    assert promise in before
    assert promise not in thread(talk, cookie).body


def test_a_look_at_the_thread_of_somebody_protected_tells_the_auditor(talk):
    cookie = talk.signed_in("supervisor")
    person = talk.contacts.reference(PHONE)
    talk.contacts.protected.put("springfield", person, "Dana Ruiz", talk.now)
    thread(talk, cookie)

    assert [one.what for one in talk.ledger.entries] == [What.LOOKED_PROTECTED, What.LOOKED]


def test_what_tenfour_answered_by_itself_stands_in_the_thread_marked_with_what_became_of_it(talk):
    hear(talk, "he has a gun", minutes=4)
    hear(talk, "HELP", minutes=2)
    lines = thread(talk, talk.signed_in("supervisor")).body.split('<ol class="talk">')[1].split("</ol>")[0].split("<li")
    automatic = [line for line in lines if "Automatic: tenfour answered by itself" in line]

    assert ["911 now" in line for line in automatic] == [True, False]
    assert "This number is not monitored. Questions" in automatic[1]
    assert all("Sent." in line for line in automatic)
    assert next(place for place, line in enumerate(lines) if "he has a gun" in line) + 1 == lines.index(automatic[0])


def test_an_answer_of_danger_that_no_provider_took_is_said_to_have_failed(talk):
    talk.senders.update(senders(MoodySender(("permanent", "30007")), talk.city.ports.sms))
    hear(talk, "he has a gun", minutes=4)
    page = thread(talk, talk.signed_in("supervisor")).body

    assert "Not sent. (" in page.split("911 now")[1]
