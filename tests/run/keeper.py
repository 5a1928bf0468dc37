"""Keep a city as long as a test run lasts: `python -m tests.run.keeper FOLDER COMMAND…`.

The controller of the run holds a lock. The kernel lets it go when the controller ends, however it ends; then the city
ends too. The keeper holds a lock of its own for as long as the city runs, so that every worker can ask whether it does.
"""

import fcntl
import signal
import subprocess
import sys
import time
from pathlib import Path

from rigs.city.emulator import die_with_parent

RUN, ALIVE, ENDED = "run.lock", "alive.lock", "ended"
LOOKS_EVERY = 0.2
ENDS_WITHIN = 120
"""Seconds after which a city that was asked to end is killed."""


def is_held(path: Path) -> bool:
    """Tell whether a process holds a lock."""
    with path.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def hold(path: Path):
    """Return an open file that holds a lock until each process that has it open closes it or ends."""
    lock = path.open("a")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return lock


def keep(folder: Path, command: list[str]) -> None:
    """Run the city until it ends or the run does, and write down how it ended."""
    city = subprocess.Popen(command, preexec_fn=die_with_parent if sys.platform == "linux" else None)  # noqa: PLW1509  no threads
    (folder / "pid").write_text(str(city.pid))
    while city.poll() is None and is_held(folder / RUN):
        time.sleep(LOOKS_EVERY)
    if city.poll() is None:
        _end(city)
    (folder / ENDED).write_text(_how(city.returncode))


def _end(city: subprocess.Popen) -> None:
    city.terminate()
    try:
        city.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        city.kill()
        city.wait()


def _how(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit status {code}"


if __name__ == "__main__":
    keep(Path(sys.argv[1]), sys.argv[2:])
