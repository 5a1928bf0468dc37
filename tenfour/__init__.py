"""The `tenfour` command that an agency runs: thin, because the work is in `chalicelib`.

    main.py      what `tenfour --help` lists, in its groups
    commands/    each command as it is typed: `tenfour hold` is `hold.py`
    stack/       deploying, checking and taking away a stack
    settings/    settings compared and previewed
    mapping/     mappings of a vendor's payloads, tried on samples
    rehearse/    replays and shadow reports
    operate/     stories, a status and cards, as they are shown and printed
    figures/     the lake on this machine, charts and reports
    common/      options, paths, the terminal, and the way to a stack
    rigs.py      our own rigs, found when they are typed

The rooms below `commands/` do what needs this machine: files, a terminal, and the agency's own AWS credentials.
"""
