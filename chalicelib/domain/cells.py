"""Cells of CSV files that people open in a spreadsheet."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection); a number is none."""
    if cell is None:
        return ""
    text = str(cell)
    return f"'{text}" if not isinstance(cell, int | float) and text.lstrip(" ").startswith(_FORMULA) else text


def as_meant(cell: str) -> str:
    """Return the text that `harmless` wrote into a cell."""
    return cell[1:] if cell[:1] == "'" and harmless(cell[1:]) == cell else cell
