"""The ledger as one list: all three stores in one order, page by page, and what the public may read of it."""

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.stores.ledger import NoLedger
from chalicelib.aws.stores.on_request import Audit
from chalicelib.domain.approval import Act, Author, Proposal, proposed, step
from chalicelib.domain.ledger.noted import Noted, incident, person
from chalicelib.domain.ledger.what import What, Why
from chalicelib.domain.ledger.who import key_of
from chalicelib.insight.ledger.line import public
from chalicelib.insight.ledger.read import Asked, lines, read
from chalicelib.insight.ledger.table import as_csv
from chalicelib.virtual.ledger import MemoryLedger
from tests.factories import NOW, PHONE, after, agency

ANN, BEN = "arn:aws:iam::111122223333:user/ann", "arn:aws:iam::111122223333:user/ben"
HASH = "3f2a9c01d77b" + "0" * 52
LAST = NOW + timedelta(days=400)
ZONE = agency().zone


class Stack:
    """A stack with a ledger, and an audit of records."""

    def __init__(self, *, old=False):
        self.book, self.kept, self.old, self.records = MemoryLedger(), [], old, self

    @property
    def ledger(self):
        if self.old:
            raise NoLedger
        return self.book

    def audits(self, _agency_id, since, until, _size=100):
        return (one for one in sorted(self.kept, key=lambda one: one.at, reverse=True) if since <= one.at <= until)


def look(minutes=0, by=ANN, what=What.LOOKED, about="incident P26-1", **fields):
    return Noted(agency_id="springfield", at=after(minutes), by=by, what=what, about=about, **fields)


def audit(minutes=0, author=ANN, what="exported", about=f"person {HASH[:12]} (…{PHONE[-4:]})", reason="request 26-104"):
    return Audit(at=after(minutes), author=author, what=what, about=about, reason=reason)


def release(minutes=0, reason="a street's name"):
    words = {"incident": "P26-1", "what": "sensitive", "party": "", "reason": reason}
    act = Act(agency_id="springfield", what="release", words=words, of="", ends=())
    return Proposal(act=act, by=ANN, at=after(minutes), reason=reason)


@pytest.fixture
def stack():
    """Return a stack in which somebody looked, exported and released, in that order, by two people."""
    made = Stack()
    made.book.note(look(1, name="Ann Lead"))
    made.kept.append(audit(2))
    waits = release(3)
    for entry in (
        proposed(waits),
        step(waits, "approved", Author(BEN), after(9)),
        step(waits, "done", Author(BEN), after(10)),
    ):
        made.book.keep(entry)
    made.book.note(look(5, what=What.PAUSED, about="everything", by=BEN))
    return made


def asked(**fields):
    return Asked(**{"agency_id": "springfield", "until": LAST} | fields)


def test_all_that_was_done_is_one_list_in_one_order(stack):
    assert [line.says for line in read(stack, asked()).lines] == [
        "user/ben did: release incident P26-1, which is held as sensitive",
        "user/ben approved: release incident P26-1, which is held as sensitive",
        "user/ben paused everything",
        "user/ann proposed: release incident P26-1, which is held as sensitive: a street's name",
        f"user/ann exported person {HASH[:12]}: request 26-104",
        "Ann Lead (user/ann) looked at incident P26-1",
    ]


def test_a_kind_and_a_person_may_be_asked_for(stack):
    def says(**fields):
        return [(line.what, line.step) for line in read(stack, asked(**fields)).lines]

    assert says(what=What.EXPORTED) == [("exported", "")]
    assert says(by=BEN) == [("released", "done"), ("released", "approved"), ("paused", "")]
    assert says(by=BEN, what=What.RELEASED, until=after(9)) == [("released", "approved")]
    assert says(since=after(4), until=after(9)) == [("released", "approved"), ("paused", "")]


def test_a_person_may_be_asked_for_by_a_key_that_is_no_name(stack):
    key = key_of(BEN)

    assert "ben" not in key
    assert read(stack, asked(by=key)) == read(stack, asked(by=BEN))
    assert len(read(stack, asked(by=key)).lines) == 3


def test_what_was_done_about_one_incident_or_person_may_be_asked_for(stack):
    def says(about):
        return [line.what for line in read(stack, asked(about=about)).lines]

    assert says("incident P26-1") == ["released", "released", "released", "looked"]
    assert says(f"person {HASH[:12]}") == ["exported"]
    assert says("incident P26") == []


def test_a_reason_is_looked_for_among_so_many_lines_and_the_page_says_where_to_go_on():
    stack = Stack()
    for minutes in range(30):
        stack.book.note(look(minutes, reason=Why.COURT if minutes in (0, 29) else Why.TRAINING, ticket="26-104"))
    wanted = asked(reason=Why.COURT)

    page, pages = read(stack, wanted, 10, 10), 1
    found = [*page.lines]
    while page.after:
        page, pages = read(stack, asked(reason=Why.COURT, after=page.after), 10, 10), pages + 1
        found += page.lines
    assert [line.at for line in found] == [after(29), after(0)]
    assert pages == 3
    assert found == list(lines(stack, wanted))


moments = st.integers(0, 40)
notes = st.lists(st.tuples(moments, st.sampled_from(["1", "2"])), max_size=12)
proposals = st.lists(st.tuples(moments, st.lists(st.integers(0, 1440), max_size=2)), max_size=6)


@given(notes, st.lists(moments, max_size=6), proposals, st.integers(1, 5))
def test_pages_together_are_the_whole_list_once_and_in_order(noted, audited, waits, most):
    stack = Stack()
    for minutes, number in noted:
        stack.book.note(look(minutes, about=incident(number)))
    stack.kept += [audit(minutes, author=f"{ANN}{number}") for number, minutes in enumerate(audited)]
    for number, (minutes, later) in enumerate(waits):
        one = release(minutes * 60, reason=str(number))
        stack.book.keep(proposed(one))
        for name, more in zip(("approved", "done"), sorted(later), strict=False):
            stack.book.keep(step(one, name, Author(BEN), one.at + timedelta(minutes=more)))

    whole, paged, page = list(lines(stack, asked())), [], read(stack, asked(), most)
    paged += page.lines
    while page.after:
        page = read(stack, asked(after=page.after), most)
        paged += page.lines
    assert paged == whole
    assert [line.at for line in whole] == sorted((line.at for line in whole), reverse=True)
    assert len(whole) == len(stack.book.notes) + len(stack.kept) + len(stack.book.entries)


def test_an_act_that_both_books_have_is_one_line_with_its_reason():
    stack = Stack()
    stack.book.note(look(1, what=What.EXPORTED, about=person(HASH), reason=Why.BY_COMMAND))
    stack.kept.append(audit(1, reason="what the person wrote at length"))

    (line,) = read(stack, asked()).lines
    assert line.reason == "what the person wrote at length"


def test_no_line_has_a_phone_or_an_email_whatever_people_wrote(stack):
    for written in (PHONE, "303-555-0123", "ann@people.example"):
        stack.kept.append(audit(20, about="P26-2", reason=f"call {written} back"))
        stack.book.keep(proposed(release(21 + len(stack.kept), reason=f"ask {written}")))

    told = "".join(as_csv(lines(stack, asked()), ZONE))
    assert "call … back" in told
    assert "ask …" in told
    assert "@" not in told
    assert not {PHONE, "555-0123", PHONE[-4:]} & set(told.replace(",", " ").split())
    assert f"…{PHONE[-4:]}" not in told


def test_the_public_reads_who_did_what_and_neither_why_nor_about_whom(stack):
    stack.book.note(look(30, what=What.REVEALED, about=person(HASH), reason=Why.COURT, ticket="26-104", count=2))
    told = "".join(as_csv(lines(stack, asked()), ZONE, to_public=True))
    rows = list(csv.DictReader(io.StringIO(told)))

    assert rows[0]["says"] == "somebody of the agency was shown the phones, emails and words of a person"
    assert rows[1]["says"] == "somebody of the agency did: release an incident"
    assert rows[3]["says"] == "somebody of the agency paused everything"
    assert rows[-1]["who"] == "Ann Lead"
    assert len(rows) == 7
    for hidden in (HASH[:12], "P26-1", "26-104", "court", "street", "sensitive", "user/", "arn:"):
        assert hidden not in told


def test_the_end_of_a_session_names_the_session_once():
    ended = look(what=What.SESSION_ENDED, about="session 3db94c1529d9 of Ann Lead", name="Ann Lead")
    line = next(lines(_with(ended), asked()))

    assert line.says.endswith(" ended session 3db94c1529d9 of Ann Lead")
    assert public(line).says == "Ann Lead ended somebody's session"


def test_a_line_of_a_later_release_is_public_too():
    line = public(next(lines(_with(look(what="juggled", name="Ann Lead")), asked())))

    assert line.says == "Ann Lead juggled an incident"


def test_what_two_people_did_is_public_as_the_act_of_two():
    both = f"{ANN} and {BEN}"

    assert public(next(lines(_with(look(by=both)), asked()))).who == "two people of the agency"


def _with(noted):
    stack = Stack()
    stack.book.notes.append(noted)
    return stack


def test_a_file_is_read_back_as_it_was_and_begins_no_formula(stack):
    stack.kept.append(audit(20, about="=1+1", reason="@SUM(A1)"))
    rows = list(csv.DictReader(io.StringIO("".join(as_csv(lines(stack, asked()), ZONE)))))

    assert [row["what"] for row in rows[-3:]] == ["released", "exported", "looked"]
    assert rows[-1]["at"] == after(1).astimezone(ZONE).isoformat()
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]


def test_a_stack_of_an_earlier_release_has_its_audit_alone():
    stack = Stack(old=True)
    stack.kept.append(audit(1))

    assert [line.what for line in read(stack, asked()).lines] == ["exported"]
    with pytest.raises(ValueError, match="Invalid isoformat"):
        read(stack, asked(after="nonsense"))
