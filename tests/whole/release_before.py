"""The release before this one, packaged from git: what it stores this one must read, and the other way round.

`TENFOUR_RELEASED` may name a folder with its `template.json` and `code.zip` instead.
"""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tenfour.common.paths import BUILD, ROOT
from tenfour.stack.package import Package

RELEASED = "TENFOUR_RELEASED"

BEFORE_JUDGEMENTS = "6aec51d88a1e01fcb8cb5c53bc97ddc79e3d0649"
"""The commit that stands for a release while no tag does: the last one before only judged words were texted about.

It knows no judgements, no identifiers and no ledger, so most of what was added since is strange to it.
"""

TAGS = "v[0-9]*"
_PACKAGE = "from tenfour.stack.package import here, package; made = package(here()); print(made.code)"


def release_before() -> Package:
    """Return the package of the release before; skip loudly where git does not know it."""
    if RELEASED in os.environ:
        folder = Path(os.environ[RELEASED])
        return Package(folder / "template.json", folder / "code.zip")
    commit = _commit()
    source = BUILD / f"released-{commit[:12]}"
    if not (source / "app.py").exists():
        _unpack(commit, source)
    # It is packaged by its own code, in the environment of this one: both pin the same Chalice.
    environment = {**os.environ, "PYTHONPATH": str(source)}
    command = [sys.executable, "-c", _PACKAGE]
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    code = Path(done.stdout.split()[-1])
    assert source in code.parents, "another release than the one that was asked for was packaged"
    return Package(code.with_name("template.json"), code)


def _commit() -> str:
    """Return the commit of the newest tag of a release that is not this commit's own, else `BEFORE_JUDGEMENTS`."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip(f"NOT RUN: there is no git here to take the release before from, and {RELEASED} names no folder")
    tag = _git("describe", "--tags", "--abbrev=0", "--match", TAGS, "HEAD^")
    commit = _git("rev-parse", "--verify", "--quiet", f"{tag or BEFORE_JUDGEMENTS}^{{commit}}")
    if not commit:
        pytest.skip(f"NOT RUN: this clone has no {tag or BEFORE_JUDGEMENTS}; fetch its whole history")
    return commit


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def _unpack(commit: str, folder: Path) -> None:
    BUILD.mkdir(exist_ok=True)
    scratch = folder.with_suffix(f".{os.getpid()}")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    packed = scratch / "source.tar"
    subprocess.run(["git", "archive", "--output", packed, commit], cwd=ROOT, check=True)
    with tarfile.open(packed) as tar:
        tar.extractall(scratch, filter="data")
    packed.unlink()
    if folder.exists():
        shutil.rmtree(scratch)
    else:
        scratch.rename(folder)
