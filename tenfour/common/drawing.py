"""matplotlib as all pictures use it: a word between dollar signs is a word, not a formula."""

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["text.parse_math"] = False

__all__ = ["mpl"]
