"""Comments: read, blacked out, released by one or two, and kept back by one; an allegation is on no page of these."""

import re

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.surveys.comment_release import in_address
from chalicelib.insight.approval.approve import approve
from chalicelib.insight.surveys import to_read
from tests.web.desk.surveyed import ALLEGES, IN_DANGER, PRAISES, WISHES, answered, answers, proposes, surveyed, wrote
from tests.web.desk.test_now import Down
from tests.web.desk.world import asked

HERE = "/desk/springfield"
ANN, BOB = Author("desk:id.springfield.example:ann", "Ann"), Author("desk:id.springfield.example:bob", "Bob")
SLOW = "They were slow to tell me"
GONE = "There is no such comment here"


@pytest.fixture
def cookie(world):
    return world.signed_in("quality")


def get(world, cookie, page="comments", **query):
    return asked(world, "GET", f"{HERE}/{page}", cookie=cookie, query=query)


def press(world, cookie, body, act, **more):
    """Press a button of a comment's page, with all that its form holds."""
    found = re.findall(r'type="hidden" name="(of|seen|digest)" value="([^"]*)"', body)
    return asked(world, "POST", f"{HERE}/comment", cookie=cookie, form={**dict(found), "act": act, **more})


def opened(world, cookie, one):
    return get(world, cookie, "comment", of=in_address(one.listed.place)).body


def lists(world):
    return {which: len(world.comments.page("springfield", which, 99)[0]) for which in ("new", "released", "held")}


def decision(world, one):
    return world.comments.decision("springfield", one.listed.id)


def test_a_list_has_no_words_and_a_look_at_a_comment_is_noted(world, cookie):
    answered(world, "P26-1", PRAISES, "5")
    listed = get(world, cookie).body
    one = wrote(world, "FRED")
    before = list(world.ledger.said)
    body = opened(world, cookie, one)

    assert f"Read comment {one.code}" in listed
    assert "FRED" not in listed
    assert before == []
    assert "Officer <mark>Ruiz</mark> was kind and helpful, thank you. <mark>FRED</mark>" in body
    assert world.ledger.said == [("read_comments", f"comment {one.code}")]
    assert "P26-1" not in listed + body


def test_the_same_comments_are_read_page_by_page_the_oldest_first(world, cookie):
    answered(world, "P26-1", SLOW)
    one = wrote(world, SLOW).listed
    more = [replace(one, id=f"{n:024x}", day=one.day.replace(day=1 + n % 9)) for n in range(30)]
    world.comments.change("springfield", more, (), None)
    pages, onward = [], ""
    for _ in range(3):
        body = get(world, cookie, **({"after": onward} if onward else {})).body
        pages.append(re.findall(r'data-key="([^"]+)"', body))
        found = re.search(r'class="go" href="[^"]*comments\?after=([^"]+)"', body)
        onward = found[1] if found else "z"

    assert [len(page) for page in pages] == [20, 11, 0]
    assert [*pages[0], *pages[1]] == [each.id for each in sorted([one, *more], key=lambda each: each.place)]


def test_one_person_releases_a_comment_in_which_nobody_may_be_named_and_the_next_one_follows(world, cookie):
    answered(world, "P26-1", SLOW)
    answered(world, "P26-2", PRAISES, "5", phone="+13035550160")
    first, second = sorted((wrote(world, SLOW), wrote(world, "FRED")), key=lambda each: each.listed.place)
    answer = press(world, cookie, opened(world, cookie, first), "release")
    last = press(world, cookie, opened(world, cookie, second), "release")

    onward = f"/comment?of={in_address(second.listed.place)}&was={first.code}&done=released"
    assert answer.headers["Location"].endswith(onward)
    assert last.headers["Location"].endswith(f"/comments?was={second.code}&done=released")
    assert (decision(world, first).quotable, decision(world, second).quotable) == (True, True)
    assert "Dana Ruiz" in decision(world, first).decided_by
    assert [(one.what, one.reason) for one in world.ledger.entries if one.what == "released"] == [
        ("released", "quality"),
        ("released", "quality"),
    ]


def test_words_that_may_name_somebody_are_blacked_out_with_those_that_were_typed(world, cookie):
    answered(world, "P26-1", PRAISES, "5")
    one = wrote(world, "FRED")
    body = opened(world, cookie, one)
    preview = press(world, cookie, body, "preview", more="kind, thank you")
    before = lists(world)
    press(world, cookie, body, "release", more="kind, thank you")

    assert "Officer ████ was ████ and helpful, █████████. ████</blockquote>" in preview.body
    assert before == {"new": 1, "released": 0, "held": 0}
    assert decision(world, one).mask.count("x") == len("RuizkindthankyouFRED") + 1
    assert "Officer ████ was ████ and helpful, █████████. ████" in opened(world, cookie, one)


def test_a_word_that_is_not_there_is_said_and_nothing_is_released(world, cookie):
    answered(world, "P26-1", PRAISES, "5")
    one = wrote(world, "FRED")
    answer = press(world, cookie, opened(world, cookie, one), "release", more="Okafor", **{"w.0": "keep"})

    assert answer.status_code == 422
    assert "“Okafor” is not in the comment" in answer.body
    assert 'value="Okafor"' in answer.body
    assert decision(world, one) is None


def test_to_keep_a_word_that_may_name_somebody_takes_two_people(world, cookie):
    answered(world, "P26-1", PRAISES, "5")
    one = wrote(world, "FRED")
    mine = press(world, cookie, opened(world, cookie, one), "release", **{"w.0": "keep"})
    own = opened(world, cookie, one)
    refused = press(world, cookie, own, "approve")
    between = decision(world, one)
    other = world.signed_in("quality", cookie="other", subject="other")
    listed, body = get(world, other).body, opened(world, other, one)
    done = press(world, other, body, "approve")

    assert mine.headers["Location"].endswith("done=proposed")
    assert "Officer Ruiz was kind and helpful, thank you. ████" in own
    assert 'value="approve"' not in own
    assert (refused.status_code, between) == (409, None)
    assert f"Read comment {one.code}" in listed.split("Waits for a second person")[1].split("Nobody has")[0]
    assert done.headers["Location"].endswith("done=approved")
    assert (decision(world, one).mask.count("x"), lists(world)["released"]) == (4, 1)
    assert world.ledger.steps == [("proposed", "quote"), ("approved", "quote"), ("done", "quote")]
    assert not re.search("Ruiz|FRED|kind", str([each.act for each in world.ledger.book.entries]))


def test_whoever_approves_what_was_proposed_at_a_terminal_says_that_it_was_not_them(world, cookie):
    answered(world, "P26-1", PRAISES, "5")
    one = wrote(world, "FRED")
    proposes(world, one, Author("arn:aws:iam::111122223333:user/dana"))
    body = opened(world, cookie, one)
    refused = press(world, cookie, body, "approve")
    between = decision(world, one)
    done = press(world, cookie, body, "approve", other="yes")

    assert 'name="other"' in body
    assert (refused.status_code, between) == (422, None)
    assert "Say that you are another person" in refused.body
    assert done.headers["Location"].endswith("done=approved")


def test_a_proposal_can_be_declined_and_taken_back_by_whoever_made_it(world, cookie):
    answered(world, "P26-1", PRAISES, "5")
    one = wrote(world, "FRED")
    press(world, cookie, opened(world, cookie, one), "release", **{"w.0": "keep"})
    back = press(world, cookie, opened(world, cookie, one), "decline")

    assert back.headers["Location"].endswith("done=declined")
    assert world.ledger.steps[-1] == ("failed", "quote")
    assert "Somebody proposes" not in opened(world, cookie, one)


@pytest.mark.parametrize("meanwhile", ["held", "changed", "alleges", "gone"])
def test_what_was_proposed_is_not_released_where_the_comment_is_not_what_it_was(world, cookie, meanwhile):
    """A hold wins over a proposal, and so does whoever wrote it."""
    token = surveyed(world, "P26-1")
    answers(world, token, PRAISES, "5")
    one = wrote(world, "FRED")
    proposal = proposes(world, one, ANN)
    body = opened(world, cookie, one)
    if meanwhile == "held":
        press(world, cookie, body, "hold")
    elif meanwhile == "gone":
        world.comments.change("springfield", (), (one.listed.place,), None)
        world.surveys._surveys.pop(one.listed.survey)
    else:
        answers(world, token, ALLEGES if meanwhile == "alleges" else f"{PRAISES} Okafor", minutes=16)
    answer = press(world, cookie, body, "approve")

    assert answer.status_code in (404, 409)
    assert not (decision(world, one) and decision(world, one).quotable)
    with pytest.raises((LookupError, ValueError)):
        approve(world, proposal, BOB, world.now)


def test_the_next_comment_s_page_says_of_which_one_something_was_done(world, cookie):
    answered(world, "P26-1", SLOW)
    answered(world, "P26-2", PRAISES, "5", phone="+13035550160")
    first, second = sorted((wrote(world, SLOW), wrote(world, "FRED")), key=lambda each: each.listed.place)
    press(world, cookie, opened(world, cookie, first), "hold")
    chosen = {"was": first.code, "done": "held"}
    following = get(world, cookie, "comment", of=in_address(second.listed.place), **chosen).body
    listed = get(world, cookie, **chosen).body
    made_up = get(world, cookie, was="call 303-555-0142", done="held").body

    assert f"Comment {first.code} is kept out of reports. The next one is here." in following
    assert f"Comment {first.code} is kept out of reports.</b>" in listed
    assert "kept out of reports." not in made_up
    assert "303-555-0142" not in made_up


@pytest.mark.parametrize("act", ["hold", "release"])
def test_what_somebody_decides_otherwise_ends_a_proposal_so_that_it_waits_for_nobody_any_more(world, cookie, act):
    answered(world, "P26-1", PRAISES, "5")
    one = wrote(world, "FRED")
    proposes(world, one, ANN)
    before = world.attention.of("springfield")
    press(world, cookie, opened(world, cookie, one), act)

    assert len(before) == 1
    assert world.attention.of("springfield") == ()
    assert "Waits for a second person" not in get(world, cookie).body
    assert "Somebody proposes" not in opened(world, cookie, one)


def test_a_comment_is_kept_back_also_where_the_end_of_a_proposal_can_not_be_noted(world, cookie):
    answered(world, "P26-1", PRAISES, "5")
    one = wrote(world, "FRED")
    proposes(world, one, ANN)
    body = opened(world, cookie, one)
    world.ledger.down = True
    answer = press(world, cookie, body, "hold")

    assert answer.status_code == 303
    assert decision(world, one).state == "held"


def test_one_person_takes_a_release_back_and_may_release_it_again(world, cookie):
    answered(world, "P26-1", SLOW)
    one = wrote(world, SLOW)
    press(world, cookie, opened(world, cookie, one), "release")
    answer = press(world, cookie, opened(world, cookie, one), "hold")
    held = lists(world)
    press(world, cookie, opened(world, cookie, one), "release")

    assert answer.headers["Location"].endswith("done=held")
    assert (held["held"], held["released"]) == (1, 0)
    assert f"Read comment {one.code}" in get(world, cookie, show="released").body
    assert ("reviewed", f"comment {one.code}, kept out of reports") in world.ledger.said


def test_a_form_of_words_that_their_writer_changed_since_releases_nothing(world, cookie):
    token = surveyed(world, "P26-1")
    answers(world, token, SLOW)
    one = wrote(world, SLOW)
    body = opened(world, cookie, one)
    answers(world, token, "They were kind and slow", minutes=16)
    answer = press(world, cookie, body, "release")

    assert answer.status_code == 409
    assert "has changed" in answer.body
    assert decision(world, one) is None


def test_a_released_comment_that_is_changed_waits_anew_and_says_so(world, cookie):
    token = surveyed(world, "P26-1")
    answers(world, token, SLOW)
    one = wrote(world, SLOW)
    press(world, cookie, opened(world, cookie, one), "release")
    answers(world, token, "They were kind and slow", minutes=16)

    assert lists(world) == {"new": 1, "released": 0, "held": 0}
    assert "must be read again" in opened(world, cookie, one)


def test_what_still_rests_is_on_no_list_and_no_page(world, cookie):
    token = surveyed(world, "P26-1")
    answers(world, token, SLOW, minutes=1)
    (one,) = world.comments.page("springfield", "new", 9)[0]

    assert "No comment waits" in get(world, cookie).body
    assert GONE in get(world, cookie, "comment", of=in_address(one.place)).body


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.STANDARDS])
def test_an_allegation_is_on_no_list_page_or_export_of_others_than_standards(world, role):
    """Decision 29, wherever a role may go: its words, and that there is one."""
    token = surveyed(world, "P26-1")
    answers(world, token, SLOW)
    place = wrote(world, SLOW).listed.place
    answers(world, token, ALLEGES, minutes=16)
    answered(world, "P26-2", IN_DANGER, phone="+13035550160")
    cookie = world.signed_in(role)
    names = ("comments", "thanks", "follow-ups", "alerts", "waits", "wall", "find", "approvals", "conversations")
    told = [get(world, cookie, name).body for name in names]
    told.append(asked(world, "GET", HERE, cookie=cookie).body)
    told += [get(world, cookie, "comments", show=which).body for which in ("released", "held")]
    told.append(get(world, cookie, "comment", of=in_address(place)).body)
    told.append(get(world, cookie, "incident", number="P26-1").body)

    assert not [body for body in told if "XYZZY" in body or "misconduct of" in body]
    assert role is not Role.QUALITY or GONE in told[-2]
    assert lists(world)["new"] == 1


@pytest.mark.parametrize("of", ["", "x", "igim-hh-ih.hgkg", "2026-11-21#abc", "…" * 200, "igim-hh-ih."])
def test_an_address_of_no_comment_leads_to_none(world, cookie, of):
    answer = get(world, cookie, "comment", of=of)

    assert answer.status_code == 404
    assert GONE in answer.body


def test_what_a_list_names_and_nobody_wrote_is_said_and_can_be_kept_back(world, cookie):
    answered(world, "P26-1", SLOW)
    one = replace(wrote(world, SLOW).listed, id="f" * 24)
    world.comments.change("springfield", (one,), (), None)
    answer = get(world, cookie, "comment", of=in_address(one.place))
    waiting = lists(world)
    press(world, cookie, answer.body, "hold")

    assert (answer.status_code, GONE in answer.body) == (404, True)
    assert (waiting, lists(world)) == ({"new": 2, "released": 0, "held": 0}, {"new": 1, "released": 0, "held": 1})
    assert 'value="hold"' not in get(world, cookie, "comment", of=in_address(one.place)).body


def test_nothing_is_shown_or_released_without_a_ledger_and_a_comment_is_held_all_the_same(world, cookie):
    answered(world, "P26-1", SLOW)
    one = wrote(world, SLOW)
    body = opened(world, cookie, one)
    world.ledger.down = True
    look, let = get(world, cookie, "comment", of=in_address(one.listed.place)), press(world, cookie, body, "release")
    kept = decision(world, one)
    press(world, cookie, body, "hold")

    assert (look.status_code, let.status_code, kept) == (503, 503, None)
    assert SLOW not in look.body
    assert decision(world, one).state == "held"


def test_lists_that_can_t_be_read_are_no_empty_lists(world, cookie):
    world.comments = Down()

    assert "can&#39;t be read" in get(world, cookie).body


def test_a_page_reads_one_query_and_a_comment_its_survey(world, cookie):
    answered(world, "P26-1", SLOW)
    one = wrote(world, SLOW)
    world.calls.clear()
    get(world, cookie)
    listed = {name: many for name, many in world.calls.items() if name.startswith(("comments", "ledger"))}
    world.calls.clear()
    opened(world, cookie, one)

    assert listed == {"comments.page": 1, "ledger.since": 1}
    assert {name: many for name, many in world.calls.items() if name.startswith("comments")} == {
        "comments.find": 1,
        "comments.decision": 1,
    }


def test_wishes_and_danger_are_comments_too(world, cookie):
    answered(world, "P26-1", WISHES)

    assert "QUUX" in opened(world, cookie, wrote(world, "QUUX"))
    assert to_read.page_of(world, "shelbyville", "new", world.now).found == ()


def test_now_says_how_many_wait_to_whoever_reads_comments_and_to_nobody_else(world, cookie):
    watch = world.signed_in("watch", cookie="watch", subject="watch")
    none = asked(world, "GET", HERE, cookie=cookie).body
    answered(world, "P26-1", SLOW)
    answers(world, surveyed(world, "P26-2", phone="+13035550160"), SLOW, minutes=1)
    one = asked(world, "GET", HERE, cookie=cookie).body
    other = asked(world, "GET", HERE, cookie=watch).body
    listed = wrote(world, SLOW).listed
    world.comments.change("springfield", [replace(listed, id=f"{n:024x}") for n in range(120)], (), None)
    many = asked(world, "GET", HERE, cookie=cookie).body

    assert "Comments that wait" not in none + other
    assert "Comments that wait to be read: 1<" in one
    assert "Comments that wait to be read: 100 or more<" in many
    world.comments = Down()
    assert asked(world, "GET", HERE, cookie=cookie).status_code == 200
