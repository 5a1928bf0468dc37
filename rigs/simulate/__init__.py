"""`tenfour simulate`: the flows under a seeded scheduler that interleaves every port call and injects every fault.

    loop.py       the virtual clock, and functions that run a port call at a time
    faults.py     what goes wrong, how often, and what did
    world.py      the ports in memory, each call of which may be overtaken, fail, or be the last; stores.py
    carrier.py    providers, and their receipts
    functions.py  a function: its flow, its clock, its time; stream.py those that fill the lake
    lambdas.py    what AWS does around them: try again, hand out twice, sweep by the minute
    script.py     what happens in the city of a seed; incident.py what is said of one, people.py how people answer
    watch.py      each breach of a promise at the moment it happens; forbidden.py what forbids a text
    promises.py   what must hold when all is over
    play.py       one seed from its beginning to its end; many.py thousands, side by side
    show.py       one table, and the story of one seed as `explain` tells it

A seed is a whole run: the same seed makes the same calls, the same interleaving and the same faults.
"""
