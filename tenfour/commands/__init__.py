"""Commands as they are typed: `tenfour NAME` is `NAME.py` here, and says what its options mean to the rest.

A command of several has a file for what is long: `survey_comments.py` is `tenfour survey comments`. The other rooms of
`tenfour/` do the work on this machine, `chalicelib` does what Lambda can do too.
"""
