"""A desk over memory at an instant of the test's own, and an agency of its own in the running city."""

from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.pending import hashed
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.desk.session import Session
from chalicelib.domain.desk.unjudged import Heard
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.settings.desk import Desk
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.web.desk import door
from tests.factories import call, caller
from tests.web.desk.world import DeskWorld
from tests.whole.people import now


@pytest.fixture
def world(monkeypatch):
    """Return a desk whose clock stands until a test moves it."""
    made = DeskWorld()
    monkeypatch.setattr(door, "now", lambda: made.now)
    return made


CALLS, VALUES = 40, 200


@pytest.fixture(scope="module")
def agency(inside):
    """Publish an agency of the test's own, with calls."""
    name = f"d{uuid4().hex[:8]}"
    ours = inside.aws.settings.agency("springfield")
    numbers = replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    desk = Desk(roles={"all": tuple(Role)})
    published = inside.aws.settings.publish(
        replace(ours, agency_id=name, numbers=numbers, desk=desk), "test", "a desk of its own", now()
    )
    for number in range(CALLS):
        at = now() - timedelta(minutes=number)
        told = call("NOISE", {"1": caller()}, at, incident_number=f"D{number}")
        receive_updates([told], told.update_id, published, inside.aws, at)
    of = {Cause.APPROVAL: "release"}
    waits = [Waiting(agency_id=name, cause=one, about="x", since=now(), detail=of.get(one, "")) for one in Cause]
    inside.aws.attention.note(name, Attention(tuple(waits)))
    values = [Evidence("incident_type", f"T{number:03}", f"A type of number {number}") for number in range(VALUES)]
    inside.aws.judging.came(name, [Heard(one, ("D1", "D2")) for one in values], "a batch", now())
    return published


@pytest.fixture
def remembers(inside, monkeypatch):
    """Let the test's container know for a day what it knows for a minute, which may end between two visits."""
    for known in (inside.aws.settings._current, inside.aws.settings._held):
        monkeypatch.setattr(known, "_age", timedelta(days=1))


def sign_in(inside, cookie, **changes):
    """Open a session in the city for somebody with every role at the test's own agency."""
    session = Session(
        hash=hashed(cookie),
        issuer="https://id.example",
        subject=cookie,
        name="Dana Ruiz",
        groups={"roles": ("all",)},
        began_at=now(),
        acted_at=now(),
    )
    inside.aws.sessions.open(replace(session, **changes), now() + timedelta(hours=1))
