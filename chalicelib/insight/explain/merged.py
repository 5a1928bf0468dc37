"""Put the stories of incidents that were proven to be the same into one: what was told, and what went out about it."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from chalicelib.aws.stores.history import Story
from chalicelib.domain.names import IncidentKey


def with_merged(story: Story, load: Callable[[IncidentKey], Story]) -> Story:
    """Return an incident's story with those that it takes the place of; of their messages those that were tried."""
    incident = story.record.incident
    others = [load(IncidentKey(incident.agency_id, key)) for key in sorted(incident.identity.merged)]
    if not others:
        return story
    tried = {key: row for other in others for key, row in other.record.rows.items() if row.attempts or row.sent_at}
    return replace(
        story,
        record=replace(story.record, rows={**tried, **story.record.rows}),
        heard=tuple(sorted((each for one in (story, *others) for each in one.heard), key=_at)),
        reveals=tuple(sorted((each for one in (story, *others) for each in one.reveals), key=_at)),
    )


def _at(item: Any) -> Any:
    return item.at
