"""Fetch the libraries that functions import: the wheels that `locked/` names by their digests, and no others.

Chalice fetches wheels for another processor by name and version alone. So they are laid into its folder `vendor`
before it packs, and it fetches nothing.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tenfour.common.errors import CityFailed
from tenfour.common.paths import ROOT

LOCKS = {False: "locked/lambda.txt", True: "locked/twilio.txt"}
"""By whether Twilio's package goes along: it has 1.5 MB that most agencies need not answer for."""

_MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}
_OLDEST_GLIBC = 17
_NEW_LINUX = (3, 12)
"""From this Python on, functions run on Amazon Linux 2023."""


def canonical(name: str) -> str:
    """Return a package's name as locks write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def fetch(target: Path, architecture: str, *, twilio: bool) -> dict[str, str]:
    """Unpack the libraries for an architecture of Lambda's into a folder, and return each wheel's SHA-256 by its name.

    CityFailed says what pip has against it.
    """
    lock = str(ROOT / LOCKS[twilio])
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    wheels = ["--only-binary", ":all:", "--no-deps", "--require-hashes", "--target", str(target), "--requirement", lock]
    named = (word for platform in _platforms(_MACHINES[architecture]) for word in ("--platform", platform))
    with TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        told = [*command, *wheels, *named, "--report", str(report)]
        done = subprocess.run(told, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CityFailed(done.stdout + done.stderr)
        return dict(map(_digest, json.loads(report.read_text())["install"]))


def _digest(installed: Mapping[str, Any]) -> tuple[str, str]:
    """Return a wheel's name and digest, of what pip reports of it (its "Installation Report", version 1)."""
    return canonical(installed["metadata"]["name"]), installed["download_info"]["archive_info"]["hashes"]["sha256"]


def _platforms(machine: str) -> list[str]:
    """Return the wheels' names for Lambda's Linux, newest first."""
    newest = 34 if sys.version_info >= _NEW_LINUX else 26
    return [
        *(f"manylinux_2_{minor}_{machine}" for minor in range(newest, _OLDEST_GLIBC - 1, -1)),
        f"manylinux2014_{machine}",
    ]
