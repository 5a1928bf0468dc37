"""The people who watch are paged each minute; what can't reach one of them goes to the next in the same minute."""

from collections import Counter
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.paging import PagingBook
from chalicelib.domain.notifications.breaker import MOST_FAILURES, Breaker
from chalicelib.domain.notifications.segments import segment_count
from chalicelib.domain.settings.watchers import NEVER_PAGES, Watchers
from chalicelib.flow.desk.page_watchers import BY_TEXT, page_watchers
from chalicelib.flow.desk.tend import tend_attention
from chalicelib.ports.carrier import SendFailed
from chalicelib.ports.errors import Conflict
from chalicelib.ports.notices import Notice
from chalicelib.virtual.world import MemoryPorts
from tests.factories import NOW, after, agency

FIRST, SECOND, COMMANDER, MAILBOX = "+13035550140", "+13035550141", "+13035550142", "duty@pd.example"
WATCHED = Watchers(first=FIRST, second=SECOND, commander=COMMANDER)


class Refusing:
    """A sender that takes nothing for some addresses."""

    tells = True

    def __init__(self, sender, *addresses, outcome="permanent") -> None:
        self._sender, self.addresses, self._outcome = sender, set(addresses), outcome

    def send(self, outgoing):
        if outgoing.address in self.addresses:
            raise SendFailed(self._outcome, "no such phone")
        return self._sender.send(outgoing)


def world(language="en", **watchers):
    watching = {Cause[name.upper()]: one for name, one in watchers.items()}
    return MemoryPorts(agency(watchers=watching, language=language, languages=("en", "es")))


def begin(made, cause=Cause.DANGER, count=1, at=NOW):
    entries = tuple(
        Waiting(agency_id="springfield", cause=cause, about=f"{cause}#{n}", since=at, incident_number=f"P26-{n}")
        for n in range(count)
    )
    made.attention.note("springfield", Attention(begun=entries))


def paged(made):
    return [(one.address, one.body) for one in made.sms.outgoing]


def test_the_first_is_paged_of_danger_without_its_content():
    made = world(danger=WATCHED)
    begin(made)
    page_watchers(made, after(3))

    assert paged(made)[0] == (
        FIRST, "Springfield PD desk: DANGER 1. Oldest 3 min. Nobody has it yet: LOOK NOW."
    )  # fmt: skip


def test_nobody_looks_for_72_hours_then_a_storm():
    """500 replies, 40 held calls and 3 texts of danger: danger first, grouped, counted, climbed to its second."""
    made = world(danger=WATCHED, held=WATCHED, follow_up=WATCHED, feed=WATCHED)
    begin(made, Cause.FEED)
    for minute in range(0, 72 * 60, 5):
        page_watchers(made, after(minute))
    quiet = len(paged(made))
    begin(made, Cause.FOLLOW_UP, 500, after(72 * 60))
    begin(made, Cause.HELD, 40, after(72 * 60))
    begin(made, Cause.DANGER, 3, after(72 * 60))
    for minute in range(72 * 60, 72 * 60 + 31):
        page_watchers(made, after(minute))

    storm = paged(made)[quiet:]
    assert quiet <= 2 + 72 / 4
    assert storm[0] == (FIRST, "Springfield PD desk: DANGER 3. Oldest 0 min. Nobody has it yet: LOOK NOW.")
    assert storm[1][1].startswith("Springfield PD desk: held calls 40, late follow-ups 500.")
    assert {address for address, body in storm if "DANGER" in body} == {FIRST, SECOND, COMMANDER}
    assert {address for address, body in storm if "held" in body} == {FIRST, SECOND}
    assert len(storm) <= 10
    assert len(made.attention.of("springfield")) == 1 + 500 + 40 + 3


def test_a_page_that_can_t_reach_one_goes_to_the_next_at_once():
    made = world(danger=WATCHED)
    made.senders = {**made.senders, BY_TEXT: Refusing(made.sms, FIRST)}
    begin(made)
    page_watchers(made, after(0))

    assert [address for address, _ in paged(made)] == [SECOND]


@pytest.mark.parametrize("outcome", ["permanent", "ambiguous"])
def test_where_nobody_can_be_reached_an_alarm_tells(outcome):
    made = world(danger=WATCHED)
    made.senders = {**made.senders, BY_TEXT: Refusing(made.sms, FIRST, SECOND, COMMANDER, outcome=outcome)}
    begin(made)
    page_watchers(made, after(0))

    assert made.notices == [(Notice.NOT_PAGED, {"agency": "springfield"})]


def test_a_mailbox_is_paged_by_email():
    made = world(held=replace(WATCHED, first=MAILBOX))
    begin(made, Cause.HELD, 2)
    page_watchers(made, after(0))

    (mail,) = made.email.outgoing
    assert (mail.address, mail.subject) == (MAILBOX, "Springfield PD: held calls 2")
    assert not made.sms.outgoing


def test_two_sweeps_in_one_minute_page_at_most_twice_and_forget_nothing():
    made = world(danger=WATCHED)
    begin(made)
    read = made.settings.paging

    def late(agency_id):
        book = read(agency_id)
        made.settings.paging = read
        page_watchers(made, after(0))
        return book

    made.settings.paging = late
    page_watchers(made, after(0))
    page_watchers(made, after(1))

    assert len(paged(made)) == 2
    with pytest.raises(Conflict):
        made.settings.note_paging("springfield", PagingBook(), PagingBook())


def test_what_the_same_minute_has_read_and_written_is_not_read_again():
    """A provider went down in this minute: the page says so, from the one read before that was written."""
    made, reads = world(provider=WATCHED, danger=WATCHED), Counter()
    of = made.attention.of
    made.attention.of = lambda *asked: (reads.update(asked[:1]), of(*asked))[1]
    begin(made, Cause.DANGER)
    down = Breaker()
    for _ in range(MOST_FAILURES):
        down = down.after_failure(NOW)
    made.settings.note_breakers("springfield", {}, {"twilio": down})
    seen = {}
    tend_attention(made, after(1), seen)
    page_watchers(made, after(1), seen)

    assert reads == {"springfield": 1}
    assert {*seen["springfield"]} == {*of("springfield")}
    assert [body.partition(":")[2][:9] for _, body in paged(made)] == [" DANGER 1", " texts do"]


def test_where_the_list_could_not_be_brought_up_to_date_people_are_paged_of_what_is_there():
    made = world(danger=WATCHED)
    begin(made)
    made.settings.feed = lambda _: 1 / 0
    seen = {}
    with pytest.raises(ExceptionGroup):
        tend_attention(made, after(1), seen)
    page_watchers(made, after(1), seen)

    assert len(paged(made)) == 1


def test_an_agency_that_names_nobody_costs_nothing():
    made = MemoryPorts(agency())
    begin(made)
    made.attention = None
    page_watchers(made, after(0))

    assert not paged(made)


def test_a_shadow_pages_too_since_danger_is_real_there():
    made = MemoryPorts(agency(mode="shadow", watchers={Cause.DANGER: WATCHED}))
    begin(made)
    page_watchers(made, after(0))

    assert len(paged(made)) == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_longest_page_is_two_texts(language):
    made = world(language, **{cause.value: WATCHED for cause in Cause if cause not in {*NEVER_PAGES, Cause.DANGER}})
    for cause in Cause:
        begin(made, cause, 999 if cause not in NEVER_PAGES else 0)
    page_watchers(made, NOW + timedelta(days=3))

    assert max(segment_count(body) for _, body in paged(made)) <= 2
