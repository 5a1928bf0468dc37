"""People whom no other test has met: stores and the city remember whom they silenced or heard, for all of a run."""

import os
from itertools import count

from chalicelib.virtual.fiction import fictional_phone

_FIRST, _EACH = 12_000, 4_000
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_places = count(_FIRST + _EACH * _worker)


def somebody():
    """Return the phone of a person; each worker of a run has a range of its own."""
    return fictional_phone(next(_places))
