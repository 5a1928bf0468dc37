"""The city that all tests of a run share: the first test that needs it starts it, and it lives as long as the run."""

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock

from tenfour.common.paths import ROOT
from tenfour.common.reach import NoStack, Stack, read_stack
from tests.run.keeper import ALIVE, ENDED, hold, is_held
from tests.waiting import wait_until

OF_ONE_PROCESS = ("carrier", "api")
"""The parts of a city that end with the process that its keeper has started."""

LINES = 15
"""So much of each log goes into the report when the city dies."""


class CityDied(Exception):
    """The shared city is no more, or never was. The first line says why, the others are the ends of its logs."""


class City:
    """The shared city, as each process of a run sees it: what they know of each other lies in the run's folder."""

    def __init__(self, folder: Path, command: list[str], environment: dict[str, str]) -> None:
        self.folder, self._command, self._environment = folder, [*command, "--state", str(folder / "city")], environment
        self.state, self._described, self._log = folder / "city", folder / "city" / "stack.json", folder / "city.log"

    @property
    def begun(self) -> bool:
        """Tell whether a test has asked for the city."""
        return self._log.exists()  # it is made after the lock is held

    def stack(self) -> Stack:
        """Return the running city, started if no test has asked before; CityDied."""
        with FileLock(self.folder / "start.lock"):
            if not self.begun:
                self._start()
        up = wait_until(lambda: self._described.exists() or not is_held(self.folder / ALIVE))
        reason = self.death() if up else self._note("did not start")
        if reason:
            raise CityDied(reason)
        return read_stack(self._described)

    def death(self) -> str | None:
        """Return why the city is dead, and the ends of its logs, or None while it lives and before it is asked for."""
        told = self.folder / "died"
        if told.exists():
            return told.read_text()
        if not self.begun:
            return None
        alive, silent = self.folder / ALIVE, self._silent()
        if silent in OF_ONE_PROCESS:
            wait_until(lambda: not is_held(alive))  # its keeper is about to say how it ended
        if not is_held(alive):
            ended = self.folder / ENDED
            return self._note(ended.read_text() if ended.exists() else "was left by its keeper, which was killed")
        return self._note(f"goes on without its {silent}, which refuses connections") if silent else None

    def is_first_to_tell(self) -> bool:
        """Tell, once in a run, that nobody has told of the city's death yet."""
        try:
            (self.folder / "told").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _start(self) -> None:
        command = [sys.executable, "-m", "tests.run.keeper", str(self.folder), *self._command]
        with hold(self.folder / ALIVE) as alive, self._log.open("wb") as log:
            # The keeper holds the lock from its first moment: it has the same open file.
            subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self._environment},
                pass_fds=[alive.fileno()],
                start_new_session=True,
            )

    def _silent(self) -> str | None:
        """Return the part of a city that refuses connections, once all were there: the emulator can die alone."""
        try:
            stack = read_stack(self._described)
        except NoStack:
            return None
        addresses = {part: urlsplit(getattr(stack, part)) for part in (*OF_ONE_PROCESS, "aws_endpoint")}
        return next((part for part, one in addresses.items() if _refuses(one.hostname, one.port)), None)

    def _note(self, how: str) -> str:
        """Write down how the city died, for every process of the run; what was written first stays."""
        with FileLock(self.folder / "start.lock"):
            told = self.folder / "died"
            if not told.exists():
                logs = [_end_of(path) for path in (self._log, self.state / "emulator.log")]
                told.write_text("\n".join([f"the city of this run {how}", *logs]))
            return told.read_text()


def _refuses(host: str | None, port: int | None) -> bool:
    with contextlib.suppress(TimeoutError), socket.socket() as probe:
        probe.settimeout(10)
        try:
            probe.connect((host, port))
        except ConnectionRefusedError:
            return True
    return False


def _end_of(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-LINES:] if log.exists() else []
    return "\n".join([f"the end of {log.name}:", *(f"    {line}" for line in lines or ["(nothing)"])])
