"""A second DynamoDB, of other authors: moto as a child process, in its own virtual environment."""

import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest

from rigs.city.emulator import die_with_parent, free_port
from tenfour.common.paths import ROOT
from tests.waiting import LONGEST, wait_until

SERVER = ROOT / ".venv-moto" / "bin" / "moto_server"


@contextmanager
def moto_server():
    """Run moto and yield its endpoint; it keeps everything in memory, and ends with the block."""
    if not SERVER.exists():
        pytest.fail("there is no moto: `make whole` installs it")
    port = free_port()
    process = subprocess.Popen(
        [SERVER, "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  no threads yet
    )
    try:
        endpoint = f"http://127.0.0.1:{port}"
        assert wait_until(lambda: process.poll() is not None or _answers(endpoint))
        assert process.poll() is None, f"moto ended with exit status {process.returncode}"
        yield endpoint
    finally:
        process.kill()
        process.wait()


def _answers(endpoint):
    try:
        return httpx.get(f"{endpoint}/moto-api/data.json", timeout=LONGEST).is_success
    except httpx.TransportError:
        return False
