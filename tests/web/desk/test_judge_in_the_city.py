"""A type that nobody judged, in the running city: counted from the stream, judged by two, and then texted about."""

import re
from datetime import timedelta
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.settings.incident_types import IncidentType
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.web.desk import cookies
from tests.factories import call, caller
from tests.somebody import somebody
from tests.waiting import LONGEST, wait_until
from tests.web.desk.conftest import sign_in
from tests.whole.people import now


@pytest.fixture
def code(inside, agency):
    """Return a type that the agency texts about once it is judged."""
    made = f"J{uuid4().hex[:6].upper()}"
    ours = inside.aws.settings.latest(agency.agency_id)
    kind = IncidentType(codes=(made,), description="a noise")
    inside.aws.settings.publish(replace(ours, incident_types=(*ours.incident_types, kind)), "test", "a type", now())
    return made


class Somebody:
    """A person at the desk, over HTTP."""

    def __init__(self, stack, inside, agency, name) -> None:
        self._address, self.cookie = f"{stack.api}/desk/{agency.agency_id}", uuid4().hex
        sign_in(inside, self.cookie, name=name, subject=name, signed_in_at=now())

    def asks(self, path, **form):
        headers = {"Cookie": f"{cookies.SESSION}={self.cookie}", "Sec-Fetch-Site": "same-origin"}
        told = urlencode(form).encode() if form else None
        try:
            with urlopen(Request(f"{self._address}/{path}", told, headers), timeout=LONGEST) as answer:
                return answer.read().decode()
        except HTTPError as problem:
            return problem.read().decode()


def tell(inside, agency, number, code):
    """Let dispatch tell of a call of the type, three minutes ago."""
    at = now() - timedelta(minutes=3)
    told = call(code, {"1": caller(somebody())}, at, incident_number=number, incident_type_description="Loud trumpet")
    receive_updates([told], told.update_id, inside.aws.settings.latest(agency.agency_id), inside.aws, at)


def states(inside, agency, number):
    record = inside.aws.incidents.load(IncidentKey(agency.agency_id, number))
    return {row.state for row in record.rows.values()}


def listed(inside, agency, code):
    """Return the short name of the type among the values that nobody judged."""
    return [one.id for one in inside.aws.judging.values(agency.agency_id) if one.item.code == code]


def test_a_type_that_nobody_judged_is_judged_by_two_and_then_a_text_goes(stack, inside, agency, code):
    ana, lee = Somebody(stack, inside, agency, "Ana Ruiz"), Somebody(stack, inside, agency, "Lee Okafor")
    tell(inside, agency, f"{code}-1", code)
    assert wait_until(lambda: listed(inside, agency, code))
    (name,) = listed(inside, agency, code)
    seen = ana.asks(f"judge?after=2-{'f' * 16}")
    ana.asks("judge", **{f"v.{name}": "dull", f"n.{name}": "0"})
    before = inside.aws.settings.latest(agency.agency_id).version
    digest = re.search(rf'name="d\.{name}" value="([0-9a-f]+)"', lee.asks("judge/review"))[1]
    shown = lee.asks("judge/review", **{f"v.{name}": "approve", f"d.{name}": digest})
    entry = next(one for one in inside.aws.settings.latest(agency.agency_id).judgements.entries if one.value == code)
    tell(inside, agency, f"{code}-2", code)
    assert wait_until(lambda: states(inside, agency, f"{code}-2") & {State.SENT, State.DELIVERED})

    assert f"<bdi>{code}</bdi> = <bdi>Loud trumpet</bdi>" in seen
    assert "in force within a minute" in shown.lower()
    assert inside.aws.settings.latest(agency.agency_id).version == before + 1
    assert entry.judged_by == ("Ana Ruiz", "Lee Okafor")
    assert states(inside, agency, f"{code}-1") == set()
    steps = [one.step for one in inside.aws.ledger.since(agency.agency_id, now() - timedelta(hours=1))]
    assert sorted(steps) == ["approved", "done", "proposed"]
