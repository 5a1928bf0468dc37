"""Drafts of settings: the same rules over DynamoDB and in memory."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.drafts import DRAFT_FOR, LOOKED_AT_FOR, DraftTable
from chalicelib.aws.tables import SettingsItem
from chalicelib.domain.approval import Author
from chalicelib.domain.desk.drafts import begun
from chalicelib.domain.settings.source import MOST_TEXT, text_digest
from chalicelib.insight.drafts.due import TRIED_FOR
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.drafts import MemoryDrafts
from tests.aws.conftest import DATABASES
from tests.factories import NOW, after

ANA = Author("desk:id:ana", "Ana Ruiz")


@pytest.fixture(params=["memory", *DATABASES])
def drafts(request):
    """Return the port, by each of its adapters."""
    if request.param == "memory":
        return MemoryDrafts()
    return DraftTable(request.getfixturevalue(request.param).bound[SettingsItem], lambda: NOW)


@pytest.fixture
def springfield():
    """Return the name of an agency that no other test has used."""
    return f"s{uuid4().hex[:10]}"


def draft(name="written", text="digest"):
    return begun(name, text, "why", 3, ANA, NOW)


def test_a_draft_is_found_as_it_was_written_by_its_own_agency_alone(drafts, springfield):
    written = drafts.write(springfield, draft())

    assert drafts.find(springfield, "written") == written
    assert drafts.all_of(springfield) == (written,)
    assert drafts.find(springfield, "other") is None
    assert drafts.all_of("shelbyville") == ()


def test_of_two_people_one_wins(drafts, springfield):
    read = drafts.write(springfield, draft())
    drafts.write(springfield, replace(read, comment="mine"))
    with pytest.raises(Conflict):
        drafts.write(springfield, replace(read, comment="theirs"))
    with pytest.raises(Conflict):
        drafts.write(springfield, draft())

    assert drafts.find(springfield, "written").comment == "mine"


def test_the_longest_text_is_kept_whatever_it_holds(drafts, springfield):
    chance = random.Random(7)
    text = "".join(chance.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789", k=MOST_TEXT))
    digest = drafts.keep_text(springfield, text, NOW)

    assert digest == text_digest(text) == drafts.keep_text(springfield, text, after(5))
    assert drafts.text(springfield, digest) == text
    assert drafts.text(springfield, "none") is None
    assert drafts.text("shelbyville", digest) is None


def test_a_draft_with_a_time_is_due_from_then_on(drafts, springfield):
    drafts.mark(springfield, "written", after(10))
    drafts.mark(springfield, "written", after(5))

    assert (springfield, "written") not in drafts.due(after(4))
    assert (springfield, "written") in drafts.due(after(5))


def test_a_draft_is_looked_at_for_longer_than_a_publication_is_tried(tables, springfield):
    later = [NOW]
    drafts = DraftTable(tables.bound[SettingsItem], lambda: later[0])
    drafts.mark(springfield, "written", NOW)
    for past, due in ((TRIED_FOR + timedelta(days=6), True), (LOOKED_AT_FOR, False)):
        later[0] = NOW + past
        assert ((springfield, "written") in drafts.due(later[0])) == due


def test_a_draft_that_nobody_touches_expires_and_one_with_a_time_does_not_before_it(tables, springfield):
    later = [NOW]
    drafts = DraftTable(tables.bound[SettingsItem], lambda: later[0])
    drafts.write(springfield, draft())
    at = NOW + DRAFT_FOR - timedelta(hours=1)
    drafts.write(springfield, replace(draft("scheduled"), state="scheduled", publish_at=at))
    later[0] = NOW + DRAFT_FOR

    assert [one.id for one in drafts.all_of(springfield)] == ["scheduled"]


def test_what_a_later_release_wrote_is_left_out(tables, springfield):
    left = []
    drafts = DraftTable(tables.bound[SettingsItem], lambda: NOW, left.append)
    drafts.write(springfield, draft())
    item = tables.bound[SettingsItem]
    item(f"!drafts#{springfield}", "odd", document='{"id": 7}').save()
    item(f"!draft-texts#{springfield}", "odd", document="[").save()

    assert [one.id for one in drafts.all_of(springfield)] == ["written"]
    assert drafts.text(springfield, "odd") is None
    assert len(left) == 2
