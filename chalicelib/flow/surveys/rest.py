"""Tell the desks of surveys that rest: each minute, after the sweep, those in which nothing was answered for a while.

It costs one small read for each agency. A rest is put off before it is acted on: one that fails does not stand in the
way of others, and comes back.
"""

from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from chalicelib.domain.surveys.survey import judgeable
from chalicelib.flow.apart import apart
from chalicelib.flow.surveys.follow_up import store, tell_desks
from chalicelib.flow.surveys.questions import asked_with
from chalicelib.ports.world import Ports

AT_ONCE = 20
"""Surveys of an agency in one minute: each may be an email, and the function has little time."""

LEASE = timedelta(minutes=5)


def tell_of_rested(ports: Ports, now: datetime) -> int:
    """Tell the desks of every survey that has rested by now; return how many surveys that were. ExceptionGroup."""
    return sum(apart(ports.settings.agencies(), partial(_tell_of_agency, ports, now)))


def _tell_of_agency(ports: Ports, now: datetime, agency_id: str) -> int:
    resting = dict(islice(ports.follow_ups.resting(agency_id, now), AT_ONCE))
    return sum(apart(resting, lambda survey: _tell(agency_id, survey, resting[survey], ports, now)))


def _tell(agency_id: str, token_hash: str, until: datetime, ports: Ports, now: datetime) -> bool:
    lease = now + LEASE
    if not ports.follow_ups.lease(agency_id, token_hash, until, lease):
        return False
    survey = ports.surveys.load(token_hash)
    agency = ports.settings.agency(agency_id, survey.settings_version if survey else 0)
    asked = asked_with(survey, ports.settings) if survey else None
    if survey and agency and asked:
        questions = judgeable(survey, asked.questions)
        if store(survey, questions, agency, ports, now, until).version != survey.version:
            return False  # more was answered meanwhile: it rests again
        tell_desks(survey, questions, agency, ports, now)
    ports.follow_ups.rested(agency_id, token_hash, lease)
    return True
