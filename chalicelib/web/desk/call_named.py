"""A call as the ledger names it: by the number that staff know, which no form can say."""

from chalicelib.domain.incidents.identity import shown_number
from chalicelib.domain.ledger.noted import incident as about_incident
from chalicelib.domain.names import IncidentKey
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.visit import Visit


def called_as(visit: Visit, key: IncidentKey) -> str:
    """Return what an entry is about. Where the call can't be read its key stands for it: a brake does not wait."""
    record = read_or_none(lambda: visit.world.incidents.load(key), "read a call's number")
    return about_incident((record and shown_number(record.incident)) or key.incident_number)
