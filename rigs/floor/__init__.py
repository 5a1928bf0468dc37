"""`tenfour floor`: triples of settings, incident and timing, held against an oracle written from the documents alone.

    settings.py   settings by chance: types, cities, overrides, lists, hours, caps; judgements.py what people judged
    plots.py      stories that were found from outside, with their names, words and times by chance
    updates.py    what dispatch says in them; plots_of_updates.py more stories
    story.py      what happens, when, and in the middle of what; how late functions are
    city.py       the flows over ports in memory; play.py one seed, many.py a great many, show.py what they came to
    oracle/       what the documents say: which messages may go, and which must

A seed is a story of up to four incidents. Each incident is one triple: it has the story's settings, and times of its
own. The same seed is the same story each time.
"""
