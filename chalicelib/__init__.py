"""The map of tenfour.

    domain/      the rules: pure, no I/O, no clock, no environment, no HTML
                 incidents, notifications, people, settings, surveys, lake, ledger, desk
    flow/        the story, step by step, in the same rooms
    ports/       what the flows need from the world
    inbound/     payloads of dispatch and records systems, and settings files → domain
    carriers/    providers of texts and emails: each one's sender and events in one place
    identity/    the agency's identity provider, who says who somebody at the desk is
    aws/         tables, stores, secrets, queue, lake and topics at AWS
    web/         webhooks, callbacks and pages over HTTP
    insight/     what commands and pages show, and what they ask for: stories, reviews, figures, records, consent
    virtual/     the ports in memory, a clock that jumps, and a town that does not exist
    words/       what people read, and the phrases that they write, by language
    auth.py boundary.py config.py wiring.py    where it all meets AWS; `app.py` above is the way in

Imports go one way, and a test holds them to it: domain ← inbound, ports ← flow, carriers, identity, aws ← virtual ←
wiring ← insight, web ← app.
"""
