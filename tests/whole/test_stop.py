"""One press at the desk stops everything: no provider call begins later than a second after it, while texts flow."""

import threading
from datetime import datetime, timedelta
from time import sleep
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.settings.desk import Desk
from chalicelib.web.desk import cookies
from tests.waiting import wait_until
from tests.web.desk.conftest import sign_in
from tests.whole.people import OfLongDelays, now, web

SECOND = timedelta(seconds=1)


class Town:
    """An agency of its own whose callers call one after another, until they are told to stop."""

    def __init__(self, stack, inside) -> None:
        self.stack, self.inside = stack, inside
        first = OfLongDelays(stack, inside)
        self.agency_id = first.agency_id
        inside.publish(replace(first.agency, desk=Desk(roles={"all": tuple(Role)})))
        self.callers, self._over = [], threading.Event()
        self._calling = threading.Thread(target=self._call, args=(first,), daemon=True)

    def __enter__(self):
        self._calling.start()
        return self

    def __exit__(self, *problem):
        self._over.set()
        self._calling.join()

    def _call(self, first):
        while not self._over.is_set() and len(self.callers) < 400:
            caller = OfLongDelays.__new__(OfLongDelays)
            OfLongDelays.__base__.__init__(caller, self.stack)
            caller.inside, caller.agency, caller.agency_id = self.inside, first.agency, self.agency_id
            caller.call()
            self.callers.append(caller)

    def texts(self):
        """Return when each text reached the carrier."""
        phones = {caller.phone for caller in self.callers}
        taken = web.get(f"{self.stack.carrier}/messages").json()
        return sorted(datetime.fromisoformat(one["at"]) for one in taken if one["to"] in phones)


@pytest.fixture
def town(stack, inside):
    with Town(stack, inside) as made:
        yield made


def test_after_one_press_no_provider_call_begins(stack, inside, town):
    cookie = uuid4().hex
    sign_in(inside, cookie)
    headers = {"cookie": f"{cookies.SESSION}={cookie}", "sec-fetch-site": "same-origin"}
    assert wait_until(lambda: len(town.texts()) >= 10)

    pressed = now()
    answer = web.post(f"{stack.api}/desk/{town.agency_id}/pause", headers=headers, data={"what": "agency"})
    answered = now()
    sleep(3)

    assert answer.status_code == 303, answer.text
    allowed = max(SECOND, 3 * (answered - pressed))  # a machine under load is as slow on the other side
    late = [at - pressed for at in town.texts() if at > pressed + allowed]
    print(f"pressed, answered after {answered - pressed}, last text after {max(town.texts()) - pressed}")
    assert not late
    assert len(town.callers) > len(town.texts())
