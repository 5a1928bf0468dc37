"""Calls as staff know them: by the number that people read, else by the time, and by the key that commands take."""

from datetime import tzinfo

from chalicelib.domain.incidents.identity import called
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.places import is_id
from chalicelib.domain.surveys.follow_up import Call


def named(call: Call, zone: tzinfo) -> str:
    """Return a call as staff know it; one without a number also by its key, which every command takes."""
    name, key = call.name(zone), call.incident_number
    return f"{name} (={key})" if is_id(key) and not call.called and name != key else name


def incident_named(incident: Incident, zone: tzinfo) -> str:
    """Return an incident as staff know it: its number, else “the call of 10:42 pm” with its key."""
    key = incident.incident_number
    call = Call(incident_number=key, called=called(incident), received_at=incident.facts.received_at)
    if called(incident) or not is_id(key):
        return named(call, zone)
    return f"the call {named(call, zone)}" if call.received_at else f"the call without a number (={key})"
