"""`tenfour explain`: an incident's whole story, for people who ask why.

`heard` and `life` turn what dispatch said and what became of each notification into moments,
`story` puts them in order with what was not sent, `show` prints that. All but `command` is pure.
"""
