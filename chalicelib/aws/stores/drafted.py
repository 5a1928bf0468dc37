"""A draft at the desk, written over the one that it was read as: of two people one wins, and the other is told."""

from datetime import datetime

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib.aws.document import encode
from chalicelib.aws.tables import SettingsItem, as_conflict


def write_over(item: SettingsItem, draft: object, number: int, expires: datetime) -> None:
    """Write a draft as its next number where it has this one still, 0 where there is none yet; Conflict."""
    items = type(item)
    actions: list[Action] = [
        items.document.set(encode(draft)),
        items.version.set(number + 1),
        items.expires.set(expires),
    ]
    unmoved = items.version == number if number else items.version.does_not_exist()
    try:
        item.update(actions, condition=unmoved)
    except UpdateError as error:
        raise as_conflict(error) from error
