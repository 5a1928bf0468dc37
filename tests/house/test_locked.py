"""Every package that is installed has a version and digests, the same in each place."""

import re

import pytest

from tenfour.common.paths import ROOT

NAMES = ("twilio", "feed", "dev", "emulator", "moto", "idp", "audit", "clients", "lock")
LOCKS = {"lambda": "requirements.txt", **{name: f"requirements-{name}.txt" for name in NAMES}}
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)((?: ; [^\\\n]+)?)((?: \\\n {4}--hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


def text(name):
    return (ROOT / "locked" / f"{name}.txt").read_text()


def pins(name):
    return {(package, version) for package, version, _, _ in PIN.findall(text(name))}


def asked(path):
    """Return what a file asks for, and what the files ask for that it names."""
    lines = (ROOT / path).read_text().splitlines()
    more = (asked(line.split()[1]) for line in lines if line.startswith("-r "))
    here = {re.match(r"([\w-]+)(?:\[.*?\])?==([\w.]+)", line).groups() for line in lines if re.match(r"\w", line)}
    return here.union(*more)


def test_each_list_of_requirements_has_a_lock_and_each_lock_a_list():
    assert {path.stem for path in (ROOT / "locked").iterdir()} == set(LOCKS)
    assert {path.name for path in ROOT.glob("requirements*.txt")} == set(LOCKS.values())


@pytest.mark.parametrize("name", LOCKS)
def test_each_lock_has_a_digest_of_whatever_it_names_and_no_address(name):
    named = [line for line in text(name).splitlines() if line and not line.startswith((" ", "#"))]

    assert len(named) == len(PIN.findall(text(name)))
    assert not re.search(r"://|^-|@ ", text(name), re.MULTILINE)


@pytest.mark.parametrize("name", LOCKS)
def test_what_is_asked_for_is_locked_at_that_version(name):
    assert asked(LOCKS[name]) - pins(name) == set()


@pytest.mark.parametrize("name", ["lambda", "twilio", "feed"])
def test_what_an_agency_runs_is_what_the_tests_ran(name):
    assert pins(name) - pins("dev") == set()


def test_a_build_fetches_nothing_that_has_no_digest():
    (needed,) = re.findall(r'^requires = \["(.+)"\]$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    installs = re.findall(r"^.*pip install.*$|^.*-m pip .*$", (ROOT / "docs/vendor/feed.md").read_text(), re.MULTILINE)

    assert all(tuple(needed.split("==")) in pins(name) for name in ("dev", "feed"))
    assert len(installs) == 4
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in installs)
