"""The map of tenfour.

    domain/     what is true: pure rules, no I/O, no clock, no environment
    inbound/    one outside format a file → domain
    flow/       the story, one step a file: receive, sweep, deliver, record_receipt, record_reply, survey,
                unsubscribe, real, export, compact
    ports.py people.py    what the flows need from the world, and from what is known of people
    store/      DynamoDB: domain in, domain out; tables.py alone knows keys and indexes
    outbound/   providers, queue, lake
    words/      what people read
    webhooks.py callbacks.py pages.py    what is posted to us, and what people open
    boundary.py auth.py config.py wiring.py    where it all meets AWS; `app.py` above is the way in

Imports go one way (a test holds them to it): domain ← inbound, ports ← flow, store, outbound ← wiring ← app.
"""
