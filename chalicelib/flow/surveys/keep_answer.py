"""Write an answered survey, and list what it says anew for whoever decides whether a report may quote it.

What is new is listed before its survey is written, and what is gone is taken off the lists after it. If a function
dies in between, a list names words that are not there, which its page says. The other way round a comment could be
missing for good.
"""

from datetime import UTC, timedelta

from chalicelib.domain.lake.written import Written, changes, written
from chalicelib.domain.surveys.comment_release import Listed, place_of
from chalicelib.domain.surveys.survey import Survey
from chalicelib.ports.world import Ports


def keep_answer(before: Survey, after: Survey, rest: timedelta, ports: Ports) -> Survey:
    """Write a survey over what was read, and return it with its new version; `rest` is of its follow-ups. Conflict."""
    found, day = changes(before, after), after.asked_at.astimezone(UTC).date()
    anew = tuple(_listed(one, after, rest) for one in found.anew)
    places, gone = {one.place for one in anew}, {place_of(day, name) for name in found.gone}
    if anew:
        ports.comments.change(after.agency_id, anew, sorted(gone & places), after.keep_until)
    written_now = ports.surveys.put(after)
    if gone - places:
        ports.comments.change(after.agency_id, (), sorted(gone - places), None)
    return written_now


def unlist(survey: Survey, ports: Ports) -> None:
    """Take all that a survey says off the lists."""
    day = survey.asked_at.astimezone(UTC).date()
    places = [place_of(day, one.id) for one in written(survey)]
    if places:
        ports.comments.change(survey.agency_id, (), places, None)


def _listed(one: Written, survey: Survey, rest: timedelta) -> Listed:
    answered = None if survey.anonymous else survey.changed_at
    return Listed(
        id=one.id,
        day=survey.asked_at.astimezone(UTC).date(),
        survey=survey.token_hash,
        question=one.question,
        words=one.words,
        since=answered + rest if answered else None,
    )
