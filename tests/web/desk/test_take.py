"""I've got it: who has what, in the ledger, for ten minutes; and a storm, in which danger comes first."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Attention, Cause, Waiting, gravest_first, place_of
from chalicelib.domain.desk.grouped import MOST, MOST_OF_DANGER, grouped
from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role, permitted
from chalicelib.domain.desk.taking import SEES_TO, may_take, seen_to_by
from chalicelib.web.desk import page as pages
from chalicelib.web.desk.leads import leads
from chalicelib.web.desk.request import read_request
from chalicelib.web.desk.visit import Visit
from chalicelib.web.desk.waits_page import MOST as A_PAGE
from tests.factories import NOW, after
from tests.web.desk.test_now import Down, note, now_page, waits
from tests.web.desk.valid import Page, problems
from tests.web.desk.world import HOST, SPRINGFIELD, asked, request

TAKE = "/desk/springfield/take"
DANGER = {"cause": "danger", "about": "alerts#1"}


def take(world, cookie, **form):
    return asked(world, "POST", TAKE, cookie=cookie, form=form or DANGER)


@pytest.fixture
def danger(world):
    note(world, waits(world, Cause.DANGER, about="alerts#1", detail="alerts", incident_number="P26-3", called="P26-3"))
    return world


def test_who_takes_it_is_read_by_all_and_noted(danger):
    cookie = danger.signed_in("supervisor")
    answer = take(danger, cookie)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/springfield")
    assert danger.ledger.said == [("took_on", "incident P26-3")]
    assert "Dana Ruiz has it" in now_page(danger, "watch")
    assert "I’ve got it" not in now_page(danger, "records")


def test_it_is_open_again_after_ten_minutes_without_an_outcome(danger):
    take(danger, danger.signed_in("supervisor"))
    danger.now += timedelta(minutes=10)
    page = now_page(danger, "records")
    again = take(danger, danger.signed_in("records"))

    assert "has it" not in page
    assert "I’ve got it" in page
    assert again.status_code == 303


def test_of_two_the_second_is_told_who_has_it(danger):
    take(danger, danger.signed_in("supervisor"))
    answer = take(danger, danger.signed_in("records", name="Lee Park"))

    assert answer.status_code == 409
    assert "Dana Ruiz has it already" in answer.body
    assert len(danger.ledger.entries) == 1
    assert problems(answer.body) == []


def test_of_two_at_the_same_moment_one_wins_and_the_note_of_the_other_says_that_it_was_not_done(danger, monkeypatch):
    (one,) = danger.attention.of("springfield")
    note_it = danger.ledger.note

    def meanwhile(noted):
        monkeypatch.setattr(danger.ledger, "note", note_it)
        danger.attention.take(one, "R. Lead (desk:id.example:7)", danger.now)
        note_it(noted)

    monkeypatch.setattr(danger.ledger, "note", meanwhile)
    answer = take(danger, danger.signed_in("supervisor"))

    assert answer.status_code == 409
    assert "R. Lead has it already" in answer.body
    assert [entry.failed for entry in danger.ledger.entries] == [False, True]


def test_what_is_over_is_said_to_be_over(danger):
    cookie = danger.signed_in("supervisor")
    danger.attention.note("springfield", Attention(ended=frozenset({(Cause.DANGER, "alerts#1")})))

    for form in (DANGER, {"cause": "nonsense", "about": "x"}, {"other": ""}):
        answer = take(danger, cookie, **form)
        assert answer.status_code == 409
        assert "It does not wait any more" in answer.body
    assert danger.ledger.entries == []


def test_what_can_t_be_noted_is_not_taken(danger):
    danger.ledger.down = True

    assert take(danger, danger.signed_in("supervisor")).status_code == 503
    assert danger.attention.of("springfield")[0].taken_at is None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("cause", Cause)
def test_whoever_could_see_to_it_may_take_it_and_has_the_button(world, role, cause):
    one = waits(world, cause, about="x")
    note(world, one)
    answer = take(world, world.signed_in(role), cause=cause, about="x")
    able, refused = may_take(one, BUNDLES[role]), 409 if cause is Cause.APPROVAL else 403
    fresh = now_page(world, role)

    if Permission.BOARD_SEE in BUNDLES[role]:
        assert answer.status_code == (303 if able else refused)
        assert bool(world.ledger.entries) == able
        assert ("Dana Ruiz has it" in fresh) == able


LEADS = {
    Cause.HELD: ("held",),
    Cause.REPLY: ("conversations",),
    Cause.FEED: ("feeds",),
    Cause.UNJUDGED: ("judge", "judge/review"),
    Cause.DRAFT: ("drafts",),
    Cause.APPROVAL: ("approvals",),
    Cause.DANGER: ("incident?number=%3DP26-3",),
}


@pytest.mark.parametrize("role", [role for role in Role if Permission.BOARD_SEE in BUNDLES[role]])
@pytest.mark.parametrize("cause", Cause)
def test_each_cause_has_a_step_that_a_person_may_do_or_says_who_can(world, role, cause):
    call = {"incident_number": "P26-3", "called": "P26-3"} if cause is Cause.DANGER else {}
    one = waits(world, cause, about="x", **call)
    note(world, one)
    page = now_page(world, role)
    cookie, able = world.signed_in(role), may_take(one, BUNDLES[role])
    links = [f"/desk/springfield/{below}" for below in LEADS.get(cause, ())]
    found = [link for link in links if f'class="go" href="{link}"' in page]

    assert ("For: " in page) == (not able and cause is not Cause.APPROVAL)
    assert cause is Cause.APPROVAL or all(f"{name}" in page for name in ([] if able else map(str, seen_to_by(one))))
    assert bool(found) or not links or not able
    for link in found:
        path, _, query = link.partition("?")
        assert asked(world, "GET", path, cookie=cookie, query=dict(parse_qsl(query))).status_code in (200, 404)


def test_two_causes_beside_each_other_have_their_words(world):
    note(world, *(waits(world, cause, about="x") for cause in Cause))

    assert "REPLIES" in now_page(world, "supervisor")
    assert "NOT JUDGED" in now_page(world, "watch")


def test_what_waits_for_standards_is_taken_by_them_alone():
    one = Waiting(agency_id="x", cause=Cause.FOLLOW_UP, since=NOW, detail="standards")

    assert not may_take(one, {Permission.FOLLOW_UPS_SEE})
    assert may_take(one, {Permission.ALLEGATIONS_SEE})


def test_each_cause_has_somebody_who_sees_to_it():
    assert SEES_TO.keys() == set(Cause)
    assert all(any(wanted & bundle for bundle in BUNDLES.values()) for wanted in SEES_TO.values())


entries = st.builds(
    Waiting,
    agency_id=st.just("x"),
    cause=st.sampled_from(Cause),
    about=st.text("ab#1", max_size=3),
    since=st.integers(-90, 0).map(after),
    until=st.none() | st.integers(1, 90).map(after),
    count=st.integers(0, 9),
    taken_at=st.none() | st.just(NOW),
)


@given(st.lists(entries, max_size=40), st.integers(1, 6))
def test_groups_hold_all_that_waits_once_the_gravest_first(found, most):
    waiting = gravest_first(found, NOW)
    groups = grouped(waiting, most, most)

    assert [group.cause for group in groups] == [cause for cause in Cause if any(one.cause is cause for one in waiting)]
    assert sum(len(group.shown) + group.more for group in groups) == len(waiting)
    for group in groups:
        its = [one for one in waiting if one.cause is group.cause]
        assert len(group.shown) == min(most, len(its))
        assert group.since == min(one.since for one in its)
        assert group.taken == sum(one.taken_at is not None for one in its)
        free = sum(one.taken_at is None for one in its)
        assert sum(one.taken_at is None for one in group.shown) == min(free, most)


@given(st.lists(entries, max_size=40))
def test_a_place_sorts_as_the_list_does(found):
    waiting = gravest_first(found, NOW)

    def told(one):
        return [*Cause].index(one.cause), one.until is None, one.until or NOW, one.since, one.about

    assert list(map(told, waiting)) == sorted(map(told, waiting))
    assert [place_of(one) for one in waiting] == sorted(place_of(one) for one in waiting)


def storm(world):
    held = [
        waits(world, Cause.HELD, n, 60 + n, about=f"P26-{n}", incident_number=f"P26-{n}", called=f"P26-{n}", count=4)
        for n in range(1, 41)
    ]
    danger = [waits(world, Cause.DANGER, n, about=f"alerts#{n}", detail="alerts") for n in range(1, 4)]
    late = [waits(world, Cause.FOLLOW_UP, n, about=f"supervisors#{n}", detail="supervisors") for n in range(1, 501)]
    note(world, *late, *held, *danger)


def test_in_a_storm_danger_is_first_and_each_cause_is_counted_and_shows_a_few(world):
    storm(world)
    page = now_page(world)
    rows = {cause: page.count(f'<li data-key="{cause} ') for cause in Cause}

    assert page.index("DANGER · 3") < page.index("HELD · 40 · texts: 160") < page.index("FOLLOW-UP · 500")
    assert (rows["danger"], rows["held"], rows["follow_up"]) == (3, MOST, MOST)
    assert MOST_OF_DANGER > MOST
    assert "and 37 more" in page
    assert "and 497 more" in page
    assert page.index("Stop all texts") < page.index("DANGER · 3")
    assert problems(page) == []
    assert len(page) < 30_000


def test_all_that_waits_is_shown_page_after_page_each_once(world):
    storm(world)
    cookie, seen, address = world.signed_in("supervisor"), [], "/desk/springfield/waits"
    query = {"cause": "follow_up"}
    for _ in range(500 // A_PAGE):
        page = asked(world, "GET", address, cookie=cookie, query=query).body
        assert problems(page) == []
        seen += page.split('<li data-key="')[1:]
        onward = [link for link in Page(page).links if "after=" in link and "lang=" not in link]
        query = dict(parse_qsl(urlsplit(onward[0]).query)) if onward else {}

    assert len({one.partition('"')[0] for one in seen}) == len(seen) == 500
    assert query == {}


def test_a_page_of_what_waits_goes_on_behind_an_entry_that_is_gone(world):
    storm(world)
    cookie = world.signed_in("supervisor")
    last = gravest_first(world.attention.of("springfield"), world.now)[0]
    after_it = asked(world, "GET", "/desk/springfield/waits", cookie=cookie, query={"after": place_of(last)}).body
    world.attention.note("springfield", Attention(ended=frozenset({last.name})))
    again = asked(world, "GET", "/desk/springfield/waits", cookie=cookie, query={"after": place_of(last)}).body

    assert after_it.split('<ul class="waits')[1] == again.split('<ul class="waits')[1]


@pytest.mark.parametrize("query", [{}, {"cause": "nonsense"}, {"after": "zzz"}, {"after": "x" * 5000}])
def test_a_page_of_what_waits_says_where_nothing_does(world, query):
    answer = asked(world, "GET", "/desk/springfield/waits", cookie=world.signed_in("watch"), query=query)

    assert answer.status_code == 200
    assert "Nothing waits" in answer.body
    assert problems(answer.body) == []


def test_a_page_of_what_waits_has_the_brake_where_nothing_can_be_read(world):
    world.attention = Down()
    page = asked(world, "GET", "/desk/springfield/waits", cookie=world.signed_in("supervisor")).body

    assert "can&#39;t be read now" in page
    assert "Stop all texts" in page


def test_the_brake_works_in_a_storm_without_ledger_and_list(world):
    storm(world)
    world.ledger.down, world.attention, world.recent = True, Down(), Down()
    cookie = world.signed_in("supervisor")

    assert "Stop all texts" in now_page(world)
    assert asked(world, "POST", "/desk/springfield/pause", cookie=cookie, form={"what": "agency"}).status_code == 303
    assert [one.of for one in world.settings.pauses] == ["agency"]


MANY = (
    *pages._PAGES,
    *((name, (name,), Permission.BOARD_SEE) for name in ("sessions", "held", "desk", "skip", "find")),
)


def test_few_pages_stand_beside_each_other_and_the_one_that_is_shown_is_marked(world):
    page = now_page(world, "watch")

    assert "<details" not in page
    assert page.count('aria-current="page"') == 1
    assert 'href="/desk/springfield" aria-current="page">Now</a>' in page


def test_of_many_pages_those_of_a_bad_night_stand_in_front(world, monkeypatch):
    monkeypatch.setitem(pages.__dict__, "_PAGES", MANY)
    monkeypatch.setitem(pages.__dict__, "_named", lambda visit, some: [(name, f"/desk/{name}") for name, _ in some])
    front, _, behind = now_page(world).partition("<details")

    assert [front.index(f">{name}</a>") for name in ("now", "pause", "held", "find")] == sorted(
        front.index(f">{name}</a>") for name in ("now", "pause", "held", "find")
    )
    assert ">incident</a>" in behind
    assert ">sessions</a>" in behind


def test_no_page_is_named_that_somebody_may_not_open(world):
    assert ">Pause</a>" not in now_page(world, "watch")
    assert ">Incident</a>" not in now_page(world, "watch")


def test_entries_of_a_release_before_are_sorted_alike():
    one = Waiting(agency_id="x", cause=Cause.HELD, since=NOW, until=after(5))

    assert place_of(one) < place_of(replace(one, until=None))


@pytest.mark.parametrize(
    ("role", "below", "there"),
    [("supervisor", "pause", True), ("watch", "pause", False), ("supervisor", "nothing", False)],
)
def test_a_row_leads_on_only_to_a_page_that_there_is_and_that_somebody_may_open(world, role, below, there):
    given = read_request(request("GET", "/desk/springfield"), HOST)
    visit = Visit(
        asked=given, world=world, now=world.now, language="en", agency=SPRINGFIELD, may=permitted([Role(role)])
    )

    assert leads(visit, below) == (f"/desk/springfield/{below}" if there else "")
