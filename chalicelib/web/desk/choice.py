"""What somebody chose in a form, of what its page offers: anything else is no choice, and nothing is done."""

from collections.abc import Collection, Mapping


class UnknownChoice(Exception):
    """A form names something that its page does not offer; `field` is the one that does."""

    def __init__(self, field: str) -> None:
        """Keep the field's name, and not what stood in it."""
        super().__init__(field)
        self.field = field


def choice(form: Mapping[str, str], field: str, offered: Collection[str], usual: str = "") -> str:
    """Return what was chosen, or the usual where the field is empty or missing; UnknownChoice."""
    value = form.get(field, "") or usual
    if value not in offered:
        raise UnknownChoice(field)
    return value
