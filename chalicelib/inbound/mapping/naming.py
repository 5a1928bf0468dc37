"""Look at the names that a mapping gives a call: one name from several places is several names for one call."""

from chalicelib.inbound.mapping.file import Mapping, as_source

_NAMES = ("incident_id", "incident_number")


def changing_names(mapping: Mapping) -> tuple[str, ...]:
    """Return what is to be said of names that would change when another of their paths gets a value."""
    found = []
    told = mapping.fields | mapping.parts
    for name in _NAMES:
        paths = as_source(told[name]).paths if name in told else ()
        first, *others = paths or ("",)
        if not others or as_source(told[name]).join:
            continue
        if name == "incident_number" and "incident_id" in told:
            continue  # a number may change beside an id
        instead = "map the system's own key alone" if name == "incident_id" else "map incident_id too"
        found.append(
            f"{name} has several paths ({', '.join((first, *others))}): an incident would change its name; {instead}"
        )
    return tuple(found)
