"""Where one list of types holds: the agency, and each of its cities that has a list of its own."""

from chalicelib.domain.settings.agency import Agency

EVERYWHERE = ""


def places(agency: Agency) -> dict[str, Agency]:
    """Return the rules of each place by its name; the agency's own stand under EVERYWHERE."""
    # A beat's pattern fits itself.
    own = {city.name: agency.at(city.beats[0]) for city in agency.cities if city.incident_types is not None}
    return {EVERYWHERE: agency, **own}
