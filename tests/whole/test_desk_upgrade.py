"""The desk through an upgrade and its roll-back: sessions, a pause that was set there, and what the indexes hold.

A release of before the desk knows no sessions, no index and no list of what waits. It takes the table of sessions away
with the desk, so people sign in again; all else it leaves alone.
"""

import pytest

from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.insight.records.index import index
from rigs.city.city import PARAMETERS, local_city
from rigs.city.deploy import upgrade
from rigs.city.inside import Inside
from tenfour.stack.package import here, package
from tests.factories import demo_agency
from tests.waiting import LONGEST, wait_until
from tests.whole.people import now, web
from tests.whole.release_before import release_before
from tests.whole.test_upgrade import at_its_api, at_the_desk, calling, has_no_desk, later_version, sit_down

pytestmark = pytest.mark.whole

PAUSED = "WELFARE"


@pytest.fixture(params=["a version later", "the release before"])
def other_version(request, tmp_path):
    if request.param == "a version later":
        (tmp_path / "next").mkdir()
        return later_version(tmp_path / "next")
    return release_before()


def press(stack, cookie, page, **form):
    """Post a form of the desk, as its own page does."""
    sent = {"Cookie": f"__Host-desk={cookie}", "Sec-Fetch-Site": "same-origin"}
    answer = web.post(f"{stack.api}/desk/springfield/{page}", data=form, headers=sent)
    assert answer.status_code == 303, answer.text


def pauses(inside):
    return inside.aws.settings.conditions("springfield").pauses


def recent(inside, began):
    """Return the numbers of the calls that the index has."""
    return {one.key.incident_number for one in inside.aws.recent.all_of("springfield", began, now())}


def is_held(inside, caller):
    rows = inside.aws.incidents.load(IncidentKey("springfield", caller.number)).rows
    return any(row.key.kind is Kind.ACKNOWLEDGMENT and row.reason == Reason.PAUSED for row in rows.values())


def test_sessions_a_pause_and_the_indexes_outlast_a_change_of_versions_and_the_way_back(other_version, tmp_path):
    began, ours = now(), package(here())
    with local_city(demo_agency(), tmp_path, 0) as stack:
        inside, reached = Inside(stack), stack
        cookie, callers, held = sit_down(inside), [calling(stack)], []
        press(stack, cookie, "pause", what=f"type:{PAUSED}", reason="wrong words")
        (pause,) = pauses(inside)
        statuses = []
        for version in (None, other_version, ours):
            if version:
                reached = at_its_api(stack, upgrade(version, stack.aws_endpoint, PARAMETERS))
                statuses.append(at_the_desk(reached, cookie))
                assert pauses(inside) == (pause,)
            callers.append(calling(reached))
            held.append(calling(reached, PAUSED))
            assert wait_until(lambda: is_held(inside, held[-1]), every=2, longest=3 * LONGEST)

        assert [one.texts() for one in held] == [[], [], []]
        assert statuses == ([401, 401] if has_no_desk(other_version) else [200, 200])
        after = Inside(reached)
        cookie = sit_down(after) if has_no_desk(other_version) else cookie
        every = {one.number for one in (*callers, *held)}
        unseen = {callers[-2].number, held[-2].number} if has_no_desk(other_version) else set()
        missing = every - recent(after, began)
        assert missing <= unseen  # what this release has written to since is there already
        assert sum(step.wrong for step in index(after.aws, now())) >= len(missing)
        assert sum(step.wrong for step in index(after.aws, now(), check=True)) == 0
        assert recent(after, began) & every == every
        found = [after.aws.contacts.incidents_of("springfield", one.phone) for one in (*callers, *held)]
        assert all(found)
        press(reached, cookie, "resume", of=pause.of, which=pause.which, at=pause.at.isoformat())
        assert pauses(after) == ()
        assert at_the_desk(reached, cookie) == 200
