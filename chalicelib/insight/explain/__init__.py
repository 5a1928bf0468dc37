"""An incident's whole story, for people who ask why.

`heard` turns dispatch's updates into moments, and `life` each notification's steps. `story` puts them in order, with
the messages that were not sent. `read` reads the stores; all else is pure.
"""
