"""People whom no other test has met: stores and the city remember whom they silenced or heard, for all of a run."""

import os
from itertools import count

from chalicelib.virtual.fiction import DRAWN, fictional_phone

_EACH = 4_000
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_places = count(DRAWN + _EACH * _worker)


def somebody():
    """Return the phone of a person whom nobody draws by chance; each worker of a run has a range of its own."""
    return fictional_phone(next(_places))
