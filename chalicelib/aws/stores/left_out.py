"""Items that a store leaves out because this release can't read them: they are told by their keys alone."""

import logging

_log = logging.getLogger("tenfour")


def log_left_out(place: str) -> None:
    """Log what was left out, where nobody counts it."""
    _log.warning("left out", extra={"place": place})
