"""Comments to read and what was decided about them, in memory."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.surveys.comment_release import LISTS, CommentList, CommentRelease, Listed, place_of


class MemoryComments:
    """The port `Comments`; nothing in memory expires."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, CommentList], dict[str, Listed]] = {}
        self._decisions: dict[tuple[str, str], CommentRelease] = {}

    def change(self, agency_id: str, anew: Iterable[Listed], gone: Iterable[str], until: datetime | None) -> None:
        """Put what is new on the list of what nobody has read, then take what is gone off all others."""
        for place in gone:
            for each in LISTS:
                self._list(agency_id, each).pop(place, None)
        self._lists[agency_id, "new"] = {**self._list(agency_id, "new"), **{one.place: one for one in anew}}

    def page(self, agency_id: str, which: CommentList, most: int, after: str = "") -> tuple[tuple[Listed, ...], str]:
        """Return some of a list, the oldest day first, and the place to go on from, or ""."""
        there = self._list(agency_id, which)
        places = [place for place in sorted(there) if place > after]
        return tuple(there[place] for place in places[:most]), places[most - 1] if len(places) > most else ""

    def find(self, agency_id: str, place: str) -> tuple[CommentList, Listed] | None:
        """Return a comment by its place, with the list that it is on."""
        there = ((each, self._list(agency_id, each).get(place)) for each in LISTS)
        return next(((each, one) for each, one in there if one), None)

    def decision(self, agency_id: str, name: str) -> CommentRelease | None:
        """Return what was decided about a comment last."""
        return self._decisions.get((agency_id, name))

    def keep(self, release: CommentRelease, _keep_until: datetime) -> None:
        """Keep a decision in place of an earlier one, and move the comment to its list, if it is on one."""
        self._decisions[release.agency_id, release.comment_id] = release
        place = place_of(release.dt, release.comment_id)
        known = self.find(release.agency_id, place)
        if known:
            for each in LISTS:
                self._list(release.agency_id, each).pop(place, None)
            there = self._list(release.agency_id, release.listed)
            self._lists[release.agency_id, release.listed] = {**there, place: known[1]}

    def _list(self, agency_id: str, which: CommentList) -> dict[str, Listed]:
        return self._lists.get((agency_id, which), {})
