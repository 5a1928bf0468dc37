"""What the address of a post asks for, by its query: a mapping, a check, or something that looks like a check."""

import re
from collections.abc import Mapping

from chalicelib.boundary import Refused

KNOWN = frozenset({"mapping", "check"})
_LIKE_A_CHECK = re.compile(
    r"check(?!sum)|^ch?e?c?k(?:ed|ing)?$|dryrun|valid|simulat|preview|sandbox|verif|nostore"
    r"|^(?:is)?(?:dry|test|try|noop)(?:ing|mode|only)?$"
)


def asked_of(query: Mapping[str, str] | None) -> dict[str, str]:
    """Return what a query asks for, by names in small letters; Refused where it looks like a check and is none.

    Somebody who asks for a check believes that nothing is stored. Any other unknown name says nothing to us.
    """
    asked = {name.strip().lower(): value for name, value in (query or {}).items()}
    for name in asked.keys() - KNOWN:
        if _LIKE_A_CHECK.search(re.sub(r"[^a-z]", "", name)):
            raise Refused(400, f"{name[:40]}: not known, and nothing was stored; write check=1 to store nothing")
    return asked


def asks_for_no_check(query: Mapping[str, str] | None) -> None:
    """Do nothing for an address that has no check; Refused where one is asked for."""
    if "check" in asked_of(query):
        raise Refused(400, "check: a heartbeat has no check, and nothing was stored")
