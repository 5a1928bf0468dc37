"""matplotlib as all pictures use it: a word between dollar signs is a word, not a formula."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["text.parse_math"] = False


@contextmanager
def any_letters() -> Iterator[None]:
    """Draw letters that the font lacks, such as emoji, as the empty boxes that they are, without a word on them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


__all__ = ["any_letters", "mpl"]
