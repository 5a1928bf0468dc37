"""Pages that commands write, from templates beside the code."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.domain.harmless import as_filled


def templates(folder: Path) -> Environment:
    """Return a folder's templates: what fills them is made harmless and escaped, and none of it may be missing."""
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=as_filled,
    )
