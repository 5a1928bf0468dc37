"""The shadow report: what an agency would have sent, counted and shown for three people to sign.

`source` finds the incidents, `count` counts them in one pass, `rehearse` plays each type once to see
what its people would read, `sign_off` makes a sheet of that; `show` prints, `pages` and `csv_file` write.
"""
