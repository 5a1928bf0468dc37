"""The access review: each line counts for one person, and changes of roles are told one by one."""

from datetime import timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.aws.stores.settings import Published
from chalicelib.domain.ledger.noted import as_roles
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.desk import Desk
from chalicelib.insight.ledger.line import of_noted
from chalicelib.insight.ledger.read import Asked
from chalicelib.insight.ledger.review import as_csv, changes_of_roles, people, review
from tests.factories import NOW, after, agency
from tests.insight.test_ledger_read import ANN, BEN, LAST, Stack, look

acts = st.lists(
    st.tuples(
        st.integers(0, 500),
        st.sampled_from([ANN, BEN]),
        st.sampled_from([What.SIGNED_IN, What.SIGN_IN_FAILED, What.PAUSED, What.LOOKED]),
    ),
    max_size=30,
)


@given(acts)
def test_each_line_counts_once_for_the_one_who_did_it(done):
    found = people([of_noted(look(minutes, by=by, what=what)) for minutes, by, what in done])

    assert {one.author for one in found} == {by for _, by, _ in done}
    for one in found:
        theirs = [(minutes, what) for minutes, by, what in done if by == one.author]
        sign_ins = [after(minutes) for minutes, what in theirs if what == What.SIGNED_IN]
        assert one.sign_ins + one.failed + sum(one.did.values()) == len(theirs)
        assert one.sign_ins == len(sign_ins)
        assert one.last_sign_in == max(sign_ins, default=None)


def test_the_roles_are_those_that_each_sign_in_was_noted_with():
    first, last = as_roles(["watch"]), as_roles(["records", "supervisor"])
    found = people([of_noted(look(at, what=What.SIGNED_IN, about=about)) for at, about in ((1, first), (9, last))])

    assert found[0].roles == ("records", "supervisor", "watch")


def test_a_review_of_too_many_lines_says_from_when_on_it_counts():
    stack = Stack()
    for minutes in range(30):
        stack.book.note(look(minutes, what=What.PAUSED, about="everything"))
    asked = Asked(agency_id="springfield", since=NOW, until=LAST)

    assert review(stack, asked).counted_from == NOW
    assert review(stack, asked, 10).counted_from == after(20)
    assert review(stack, asked, 10).people[0].did == {"paused": 10}


def test_each_change_of_the_map_of_roles_is_told_with_its_author():
    def published(version, minutes, roles):
        ours = replace(agency(), version=version, desk=Desk(roles=roles))
        return Published(agency=ours, author=BEN, comment="", at=after(minutes))

    versions = [
        published(3, 30, {"a": ("watch",), "b": ("admin",)}),
        published(2, 20, {"a": ("watch",)}),
        published(1, 10, {"a": ("records",)}),
    ]
    stack = SimpleNamespace(settings=SimpleNamespace(history=lambda _: iter(versions)))

    told = [(one.version, one.value, one.before, one.after) for one in changes_of_roles(stack, "springfield", NOW)]
    assert told == [(3, "b", (), ("admin",)), (2, "a", ("records",), ("watch",))]
    late = changes_of_roles(stack, "springfield", after(25))
    assert [one.version for one in late] == [3]


def test_a_file_has_a_line_for_each_person_and_kind_and_begins_no_formula():
    lines = [of_noted(look(1, name="Ann Lead", by="desk:login.example:=1+1")), of_noted(look(2, by=BEN))]
    found = review(_with(lines), Asked(agency_id="springfield", until=LAST, since=NOW - timedelta(days=1)))

    rows = "".join(as_csv(found, agency().zone)).splitlines()
    assert len(rows) == 3
    assert not [row for row in rows if row[0] in "=+-@"]


def _with(lines):
    stack = Stack()
    for minutes, line in enumerate(lines):
        stack.book.note(look(minutes, by=line.author, name=line.name))
    return stack
