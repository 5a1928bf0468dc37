"""One release in a process of its own: it calls the handlers of an unpacked zip, a line of JSON for each.

    python -I -S one_release.py FOLDER      {"handler": "deliver", "event": {…}} → what the handler returns

Nothing of the project and of the environment is seen but the zip. What functions log goes to the standard error.
"""

import json
import os
import sys


def main(folder: str) -> None:
    """Answer calls until there are no more."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.path.insert(0, folder)
    import app  # noqa: PLC0415  of the zip, which is only found from here on

    for line in sys.stdin:
        asked = json.loads(line)
        answers.write(json.dumps(getattr(app, asked["handler"])(asked["event"], None)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
