"""`make mutate`: wrong versions of the domain and of `auth.py`, one change each, and whether a test notices.

Not mutmut, which leaves out what is decorated (every property), nor cosmic-ray, which starts an interpreter for each
change: here a process that has the libraries forks, swaps one module while it is imported, and runs the tests that know
the module first. A sample, drawn by a seed, is enough for a score; a survivor is a test to write or a reason to note.
"""
