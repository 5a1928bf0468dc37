"""Drafts at the desk: one writes, another reviews what is published against it, and two put it in force."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.settings.desk import Desk
from chalicelib.domain.settings.incident_types import LanguageWords
from chalicelib.insight.approval import approve as second
from chalicelib.insight.approval.ledger import what_waits
from chalicelib.insight.drafts.due import publish_due
from chalicelib.insight.settings.written import as_toml
from chalicelib.web.desk import door
from tests.factories import demo_agency
from tests.web.desk.test_now import Down
from tests.web.desk.valid import problems
from tests.web.desk.world import ROLES, DeskWorld, asked

HERE = "/desk/springfield/drafts"
OURS = replace(demo_agency(), desk=Desk(roles=ROLES))
LOUDER = as_toml(replace(OURS, mass_call=OURS.mass_call + 1))
STRICTER = as_toml(replace(OURS, mass_call=OURS.mass_call - 1))


@pytest.fixture
def world(monkeypatch):
    made = DeskWorld(OURS)
    monkeypatch.setattr(door, "now", lambda: made.now)
    return made


def somebody(world, name, *roles):
    return world.signed_in(*roles, cookie=name, subject=name, name=name.title())


@pytest.fixture
def ana(world):
    return somebody(world, "ana", "words")


@pytest.fixture
def ben(world):
    return somebody(world, "ben", "approver")


def get(world, cookie, below="", **query):
    answer = asked(world, "GET", HERE + below, cookie=cookie, query=query)
    assert answer.status_code != 200 or problems(answer.body) == []
    return answer


def post(world, cookie, below, **form):
    world.now += timedelta(seconds=1)
    answer = asked(world, "POST", HERE + below, cookie=cookie, form=form)
    assert answer.status_code in {303, 403} or problems(answer.body) == []
    return answer


def the_draft(world):
    return world.drafts.all_of("springfield")[-1]


def begin(world, cookie, comment="a louder city", **more):
    name = re.search(r'name="id" value="(\w+)"', get(world, cookie).body)[1]
    return post(world, cookie, "", id=name, comment=comment, **more)


def change(world, cookie, act, text=None, draft=None):
    draft = draft or the_draft(world)
    told = {"id": draft.id, "number": str(draft.number), "comment": draft.comment, "act": act}
    return post(world, cookie, "/edit", **told, **({"text": text} if text is not None else {}))


def decide(world, cookie, act, **more):
    draft = the_draft(world)
    over = str(world.settings.agency("springfield").version)
    return post(world, cookie, "/review", id=draft.id, text=draft.text, over=over, act=act, **more)


def publish(world, cookie, act="now", **more):
    draft = the_draft(world)
    return post(world, cookie, "/publish", id=draft.id, text=draft.text, act=act, **more)


def asked_for_review(world, cookie, text=LOUDER):
    begin(world, cookie)
    assert change(world, cookie, "ask", text).status_code == 303


def in_force(world):
    return world.settings.agency("springfield")


def test_a_draft_is_written_reviewed_approved_and_published_by_two(world, ana, ben):
    asked_for_review(world, ana)
    body = get(world, ben, "/review", id=the_draft(world).id).body
    assert f"mass_call: {OURS.mass_call} becomes {OURS.mass_call + 1}" in body
    assert "mass_call is higher" in body
    assert "It takes two people" in body
    decide(world, ben, "approve")
    publish(world, ben)

    assert in_force(world).mass_call == OURS.mass_call + 1
    assert the_draft(world).state == "published"
    assert world.settings.source("springfield", in_force(world).version) == LOUDER
    assert [step for step, _ in world.ledger.steps] == ["proposed", "approved", "done"]
    assert world.settings._port.kept[-1].author.count(" and ") == 1


@pytest.mark.parametrize("gone", [False, True])
def test_a_type_s_own_words_are_read_beside_those_of_every_type_which_its_callers_have_without_them(
    world, ana, ben, gone
):
    first, *others = OURS.incident_types
    own = replace(first, words={"en": LanguageWords(sms={"delay": "{{ agency }}: we are late. Danger: 911."})})
    with_own = replace(OURS, incident_types=(own, *others))
    if gone:
        world.settings._port._agencies["springfield"] = with_own
    asked_for_review(world, ana, as_toml(OURS if gone else with_own))
    body = html.unescape(get(world, ben, "/review", id=the_draft(world).id).body)
    texts = re.findall(r'<p class="bubble" lang="en">([^<]*)</p>', body)

    assert f"delay (words of {', '.join(first.codes)})" in body
    assert "No message." not in body
    assert ["officers are delayed" in text for text in texts] == [not gone, gone]


def test_the_ledger_tells_each_step_and_who_took_it(world, ana, ben):
    asked_for_review(world, ana)
    decide(world, ben, "approve")
    publish(world, ben)
    told = [(one.name, one.what, one.about.partition(": ")[2]) for one in world.ledger.entries]

    assert told == [
        ("Ana", "drafted", "begun from version 0"),
        ("Ana", "drafted", "sent for review"),
        ("Ben", "reviewed", "approved"),
        ("Ben", "published", "in force"),
    ]


def test_somebody_who_writes_drafts_sees_that_another_waits_for_review(world, ana):
    cleo = somebody(world, "cleo", "words")
    asked_for_review(world, ana)
    body = get(world, cleo).body

    assert "a louder city" in body.partition("Drafts of others")[2]


def test_the_page_of_somebody_else_s_draft_says_in_one_sentence_who_edits_it_since_when(world, ana):
    begin(world, ana)
    body = get(world, somebody(world, "cleo", "words"), "/edit", id=the_draft(world).id).body

    assert "Ana edits it since " in body


def test_no_author_approves_and_whoever_takes_over_is_an_author(world, ana):
    cleo = somebody(world, "cleo", "words", "approver")
    asked_for_review(world, ana)
    assert change(world, cleo, "take").status_code == 303
    assert change(world, cleo, "ask", LOUDER).status_code == 303
    refused = decide(world, cleo, "approve")

    assert refused.status_code == 409
    assert "one of its authors" in refused.body
    assert in_force(world).version == 0
    assert "taken over" in " ".join(one.about for one in world.ledger.entries)


def test_an_edit_voids_what_was_approved_at_a_terminal_too(world, ana, ben):
    asked_for_review(world, ana)
    decide(world, ben, "approve")
    change(world, ana, "take")
    change(world, ana, "save", LOUDER + "# and more\n")
    refused = publish(world, ben)

    assert refused.status_code == 409
    assert in_force(world).version == 0
    assert what_waits(world, "springfield", world.now) == ()
    assert world.ledger.steps[-1] == ("failed", "publish")


def test_an_approval_counts_over_the_version_that_it_was_read_against_alone(world, ana, ben):
    asked_for_review(world, ana)
    decide(world, ben, "approve")
    world.settings.publish(replace(in_force(world), short_name="Police"), "x", "y", world.now)
    refused = publish(world, ben)

    assert refused.status_code == 409
    assert "Other settings are in force" in refused.body
    assert in_force(world).short_name == "Police"


def test_what_only_narrows_one_person_publishes_and_words_never_do(world):
    cleo = somebody(world, "cleo", "words", "approver")
    begin(world, cleo)
    change(world, cleo, "save", as_toml(replace(OURS, mode="shadow", short_name="Police")))
    assert publish(world, cleo).status_code == 409
    change(world, cleo, "save", STRICTER)
    assert "one person may publish it" in get(world, cleo, "/review", id=the_draft(world).id).body
    assert publish(world, cleo).status_code == 303

    assert in_force(world).mass_call == OURS.mass_call - 1


def test_a_page_of_an_hour_ago_loses_nothing_and_is_told_what_happened(world, ana):
    cleo = somebody(world, "cleo", "words")
    begin(world, ana)
    opened = the_draft(world)
    change(world, cleo, "take")
    change(world, cleo, "save", LOUDER)
    answer = change(world, ana, "save", STRICTER, draft=opened)

    assert answer.status_code == 409
    assert "Somebody wrote this draft meanwhile" in answer.body
    assert f"mass_call = {OURS.mass_call - 1}" in html.unescape(
        answer.body.split("<textarea")[1].split("</textarea")[0]
    )
    assert world.drafts.text("springfield", the_draft(world).text) == LOUDER
    assert "Cleo edits it since" in answer.body
    taken = change(world, ana, "take", STRICTER)
    assert "not saved yet" in taken.body
    assert change(world, ana, "save", STRICTER).status_code == 303
    assert world.drafts.text("springfield", the_draft(world).text) == STRICTER


def test_the_check_stands_at_its_line_and_nobody_asks_with_errors(world, ana):
    begin(world, ana)
    wrong = LOUDER.replace('mode = "live"', "").replace('time_zone = "America/Denver"', 'time_zone = "Mars/Base"')
    answer = change(world, ana, "ask", wrong)
    line = wrong.split("\n").index('time_zone = "Mars/Base"') + 1

    assert answer.status_code == 422
    assert f'href="#line-{line}"' in answer.body
    assert "can&#39;t be published as it stands" in answer.body
    assert the_draft(world).state == "open"
    assert world.drafts.text("springfield", the_draft(world).text) == wrong


def test_a_text_that_hides_something_is_not_kept(world, ana):
    begin(world, ana)
    before = the_draft(world)
    answer = change(world, ana, "save", f"# \u202e\n{LOUDER}")

    assert answer.status_code == 422
    assert "Line 1 holds a character that nobody sees" in answer.body
    assert the_draft(world) == before


def test_changes_are_asked_with_a_reason_and_the_author_reads_it(world, ana, ben):
    asked_for_review(world, ana)
    assert decide(world, ben, "return").status_code == 422
    assert decide(world, ben, "return", reason="too loud, call 303-555-0123").status_code == 303

    assert the_draft(world).state == "returned"
    assert "too loud" in get(world, ana, "/edit", id=the_draft(world).id).body
    assert "555-0123" not in the_draft(world).answer


def test_a_terminal_sees_what_was_asked_for_at_the_desk_and_approves_it(world, ana):
    asked_for_review(world, ana)
    (waits,) = what_waits(world, "springfield", world.now)
    lead = replace(waits.author, by="arn:aws:iam::111122223333:user/lead", name="")
    second.approve(world, waits, lead, world.now)

    assert in_force(world).mass_call == OURS.mass_call + 1
    assert the_draft(world).state == "published"
    assert world.settings.source("springfield", 1) == LOUDER


def test_a_time_is_chosen_on_the_agency_s_clock_and_the_sweep_keeps_it(world, ana, ben):
    asked_for_review(world, ana)
    decide(world, ben, "approve")
    at = (world.now + timedelta(hours=2)).astimezone(OURS.zone)
    assert publish(world, ben, "at", at=f"{at:%Y-%m-%dT%H:%M}").status_code == 303
    publish_due(world, world.now + timedelta(hours=1))
    assert in_force(world).version == 0
    publish_due(world, world.now + timedelta(hours=3))

    assert in_force(world).mass_call == OURS.mass_call + 1
    assert the_draft(world).state == "published"


@pytest.mark.parametrize("at", ["", "x", "2020-01-01T08:00", "2029-01-01T08:00"])
def test_a_time_that_is_none_or_past_or_far_is_refused(world, ana, ben, at):
    asked_for_review(world, ana)
    decide(world, ben, "approve")

    assert publish(world, ben, "at", at=at).status_code == 422
    assert the_draft(world).state == "approved"


def test_one_person_cancels_without_a_ledger(world, ana, ben):
    asked_for_review(world, ana)
    decide(world, ben, "approve")
    publish(world, ben, "at", at="2026-11-22T08:00")
    world.ledger.down = True
    assert post(world, ana, "/cancel", id=the_draft(world).id).status_code == 303
    world.ledger.down = False
    publish_due(world, world.now + timedelta(days=3))

    assert the_draft(world).state == "approved"
    assert in_force(world).version == 0


def test_what_could_not_be_published_for_a_day_is_told_on_now_and_published_no_more(world, ana, ben):
    asked_for_review(world, ana)
    decide(world, ben, "approve")
    publish(world, ben, "at", at="2026-11-22T08:00")
    world.now, book = datetime(2026, 11, 22, 15, 30, tzinfo=UTC), world.ledger
    world.ledger = Down()
    for hours in (0, 23, 24):  # its time is half an hour before
        with pytest.raises(ExceptionGroup):
            publish_due(world, world.now + timedelta(hours=hours))
        waits = [one.about for one in world.attention.of("springfield") if one.cause == "draft"]
        assert waits == ([the_draft(world).id] if hours == 24 else [])
    world.ledger = book
    publish_due(world, world.now + timedelta(hours=25))

    assert in_force(world).version == 0
    assert (the_draft(world).state, the_draft(world).trouble) == ("open", "too_late")
    assert "could not be published for a whole day" in get(world, somebody(world, "ana", "words")).body


def test_at_its_time_nothing_is_done_over_other_settings_and_the_list_says_so(world, ana, ben):
    asked_for_review(world, ana)
    decide(world, ben, "approve")
    publish(world, ben, "at", at="2026-11-22T08:00")
    world.settings.publish(replace(in_force(world), short_name="Police"), "x", "y", world.now)
    world.now += timedelta(days=1)
    ana = somebody(world, "ana", "words")
    publish_due(world, world.now)

    assert in_force(world).short_name == "Police"
    assert (the_draft(world).state, the_draft(world).trouble) == ("open", "changed")
    assert "not put in force at its time" in get(world, ana).body
    waits = [one.about for one in world.attention.of("springfield") if one.cause == "draft"]
    assert waits == [the_draft(world).id]
    assert "NOT PUBLISHED" in asked(world, "GET", "/desk/springfield", cookie=ana).body
    change(world, ana, "take")
    change(world, ana, "ask", LOUDER)
    assert [one for one in world.attention.of("springfield") if one.cause == "draft"] == []


def test_an_earlier_version_is_restored_as_a_draft(world, ana):
    world.settings.publish(replace(in_force(world), mass_call=9), "x", "first", world.now)
    world.settings.publish(replace(in_force(world), mass_call=12), "x", "second", world.now)
    begin(world, ana, "back to nine", version="1")

    assert "mass_call = 9" in world.drafts.text("springfield", the_draft(world).text)
    assert in_force(world).mass_call == 12


@pytest.mark.parametrize("role", Role)
def test_each_role_does_what_it_may(world, ana, role):
    asked_for_review(world, ana)
    cookie = somebody(world, "x", role)
    seen = get(world, cookie).status_code
    begun = post(world, cookie, "", id="abcdefghij", comment="x").status_code
    approved = decide(world, cookie, "approve").status_code

    assert seen == (200 if role in ("words", "approver") else 403)
    assert begun == (303 if role == "words" else 403)
    assert approved == (303 if role == "approver" else 403)


def test_a_draft_of_another_agency_is_not_there(world, ana):
    assert get(world, ana, "/edit", id="nosuchname").status_code == 404
    assert get(world, ana, "/review", id="nosuchname").status_code == 404


def test_a_text_is_text_wherever_it_stands(world, ana):
    begin(world, ana)
    evil = f"# </textarea></code><script>alert(1)</script>\n{LOUDER}"
    change(world, ana, "save", evil)
    for below in ("/edit", "/review"):
        body = get(world, ana, below, id=the_draft(world).id).body
        assert "<script>alert" not in body
        assert "&lt;/textarea&gt;" in body
