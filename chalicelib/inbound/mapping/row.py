"""A record of rows or of text: its cells by their names."""

from collections.abc import Iterable


class Row(dict[str, str]):
    """A row's cells by their columns, and its last line; where nobody can say which cell is whose, a reason."""

    def __init__(self, cells: Iterable[tuple[str, str]], line: int, reason: str = "") -> None:
        super().__init__(cells)
        self.line, self.reason = line, reason
