"""The square code of a link: its dark modules, row by row, as whoever draws it needs them."""

from collections.abc import Sequence


def dark_runs(link: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return for each row where its runs of dark modules begin and end. A damaged code still reads: level M."""
    import segno  # drawn seldom: a cold start need not read it

    return tuple(_runs(list(row)) for row in segno.make_qr(link, error="m").matrix)


def as_path(link: str) -> tuple[int, str]:
    """Return the modules on a side, and the dark ones as the path of an SVG, one unit a module."""
    rows = dark_runs(link)
    parts = (f"M{start} {y}h{end - start}v1h{start - end}z" for y, row in enumerate(rows) for start, end in row)
    return len(rows), "".join(parts)


def _runs(row: Sequence[int]) -> tuple[tuple[int, int], ...]:
    padded = [0, *row, 0]
    edges = [place for place in range(len(padded) - 1) if padded[place] != padded[place + 1]]
    return tuple(zip(edges[::2], edges[1::2], strict=True))
