"""Tell what dispatch said of a call since somebody looked at it."""

from datetime import datetime

from chalicelib.domain.harmless import as_text
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.explain.clock import Clock
from chalicelib.insight.explain.heard import heard_moments
from chalicelib.insight.explain.moment import Moment
from chalicelib.insight.explain.read import Books
from chalicelib.insight.explain.translated import said
from chalicelib.insight.mask import Mask


def heard_since(
    books: Books, agency: Agency, key: IncidentKey, since: datetime, language: str = "en"
) -> tuple[Moment, ...]:
    """Return what changed of a call after an instant, masked; nothing where only another call's people came to it."""
    story = books.incidents.story(key)
    unknown = Incident(agency_id=key.agency_id, incident_number=key.incident_number)
    mask = Mask()
    told = [one for one in heard_moments(story.heard, unknown, Clock(agency.zone), mask) if one.at > since]
    return tuple(
        Moment(at=one.at, what=one.what, detail=said(language, as_text(mask.text(one.detail)))) for one in told
    )
