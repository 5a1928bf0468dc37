"""What the documents say of who is told what, and when: written from them alone, without a rule of `chalicelib`.

words.py       what a person reads in the values that dispatch sends: their nature, written by hand
addresses.py   which phones and emails can be read in what dispatch wrote
merging.py     the latest word of each field; told.py an incident as all its updates make it
rules.py       what an agency's settings say, read from the file's own values; judging.py of words about the nature
families.py    duplicates; silences.py who hears nothing; people.py who may be written to
timing.py      when each kind is due; hours.py the hours in which it may go
moment.py      what holds a message back at a moment, without ending it
oracle.py      hears what the city hears, and looks at each message; owed.py finds those that never went
replies.py     what people who text back may hear
"""
