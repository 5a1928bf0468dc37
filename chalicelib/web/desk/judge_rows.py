"""The values on a page of judging: what was typed or drafted, and what somebody else did to one meanwhile."""

from typing import TYPE_CHECKING

from msgspec import Struct

from chalicelib.web.desk.times import Times
from chalicelib.web.desk.visit import Visit

if TYPE_CHECKING:
    from chalicelib.insight.judging.draft import Untaken
    from chalicelib.insight.judging.waiting import Shown, Waits


class Row(Struct, frozen=True, kw_only=True):
    """A value on the page, with what stands in its form and why that was not taken."""

    shown: "Shown"
    verdict: str
    meaning: str
    reason: str
    problem: str = ""


def rows_of(visit: Visit, found: tuple["Waits", ...], untaken: tuple["Untaken", ...]) -> tuple[Row, ...]:
    """Return the rows of values."""
    from chalicelib.insight.judging.waiting import shown

    back = {one.given.id: one for one in untaken}
    return tuple(_row(visit, one, back.get(one.waits.id)) for one in shown(found, visit.ours))


def _row(visit: Visit, one: "Shown", untaken: "Untaken | None") -> Row:
    """Return a value with what was typed, else with what was drafted."""
    draft = one.waits.draft if one.waits.draft and one.waits.draft.state in {"proposed", "returned"} else None
    if untaken:
        given = untaken.given
        problem = (
            _moved(visit, one.waits) if untaken.problem == "moved" else visit.say(f"judge.lacks_{untaken.problem}")
        )
        return Row(shown=one, verdict=given.verdict, meaning=given.meaning, reason=given.reason, problem=problem)
    meaning, reason = (draft.meaning, draft.reason) if draft else ("", "")
    return Row(shown=one, verdict=draft.verdict if draft else "", meaning=meaning, reason=reason)


def _moved(visit: Visit, one: "Waits | None") -> str:
    """Return what somebody else did to a value meanwhile."""
    draft = one.draft if one else None
    if draft is None or draft.state == "withdrawn":
        return visit.say("judge.moved")
    at = Times(visit.ours.zone, visit.now, visit.say).clock(draft.answered_at or draft.at)
    who = draft.second.name if draft.state == "returned" and draft.second else draft.judge.name
    return visit.say(f"judge.moved_{draft.state}", who=who, at=at, verdict=visit.say(f"verdict.{draft.verdict}"))


def gone(
    visit: Visit, found: tuple["Waits", ...], waits: set[str], untaken: tuple["Untaken", ...]
) -> list[tuple[str, str]]:
    """Return the values that were not taken and wait no more, each with what became of it."""
    known = {one.id: one for one in found}
    settled = [known.get(one.given.id) for one in untaken if one.given.id not in waits]
    return [(_name(one), _moved(visit, one)) for one in settled]


def _name(one: "Waits | None") -> str:
    from chalicelib.domain.notifications.judged import words

    return words(one.came.item) if one else "…"
