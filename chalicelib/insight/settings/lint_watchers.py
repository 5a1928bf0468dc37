"""Find what waits for a person and is watched by nobody."""

from collections.abc import Iterator

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.settings.finding import Finding, warning

MUST = (Cause.DANGER, Cause.HELD, Cause.FEED, Cause.PROVIDER)
"""Causes that can't wait until somebody happens to look."""


def lint_watchers(agency: Agency) -> Iterator[Finding]:
    """Yield the causes of which nobody is paged, once people are really texted."""
    unwatched = [cause for cause in MUST if cause not in agency.watchers]
    if agency.mode != "live" or not unwatched:
        return
    yield warning(
        ("watchers",),
        f"nobody is paged of {', '.join(unwatched)}: it waits until somebody looks at the desk",
        "name a first and a second for each",
    )
