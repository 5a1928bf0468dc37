"""The AWS emulator (MiniStack) as a child process, in its own virtual environment."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tenfour.common.errors import CityFailed
from tenfour.common.paths import EMULATOR
from tenfour.common.reach import REGION

_READY_WITHIN = 600.0
_STOPPED_WITHIN = 10.0
_PR_SET_PDEATHSIG = 1


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def emulator(state: Path, port: int, endpoints: Mapping[str, str]) -> Iterator[str]:
    """Run the emulator and yield its endpoint; whatever happens, nothing of it is left.

    `endpoints` are the variables by which functions find services that the emulator lacks.
    """
    endpoint, scratch, log = f"http://127.0.0.1:{port}", state / "tmp", state / "emulator.log"
    scratch.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(EMULATOR)],
            env=_environment(port, scratch, endpoints),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  no threads yet
        )
        try:
            _await_ready(process, endpoint, log)
            yield endpoint
        finally:
            _stop(process)
            shutil.rmtree(scratch, ignore_errors=True)


def _environment(port: int, scratch: Path, endpoints: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **inherited,
        **endpoints,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "AUTH": "true",  # functions may do what their policies say, and nothing else
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "MINISTACK_REGION": REGION,
        "LOG_LEVEL": "WARNING",  # it quotes what passes through SNS; functions' logs are in CloudWatch Logs
        "TMPDIR": str(scratch),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def die_with_parent() -> None:
    """Ask Linux to end a child when the process that started it is killed outright."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _await_ready(process: subprocess.Popen[bytes], endpoint: str, log: Path) -> None:
    give_up_at = time.monotonic() + _READY_WITHIN
    while time.monotonic() < give_up_at and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{endpoint}/_ministack/health", timeout=_READY_WITHIN).is_success:
                return
        time.sleep(0.1)
    raise CityFailed(f"the AWS emulator did not start; its log is {log}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the emulator and the functions' processes, which are of its session."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOPPED_WITHIN)
    process.wait()
