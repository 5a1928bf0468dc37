"""`tenfour handlers`: what our own code costs beside the same calls to AWS, made by nobody in particular.

tape.py       the calls of a handler, recorded once over a real city, and played back to the same clients
handlers.py   intake, deliver and survey, each beside a bare handler that makes its calls
show.py       one table; command.py the command
"""
