"""No region: each command that needs AWS says in one line what to do. AWS_REGION counts, as in AWS's other tools."""

import boto3
import pytest
from botocore.exceptions import NoRegionError

from tenfour.common.account import account_client
from tenfour.common.errors import CityFailed
from tenfour.common.paths import ROOT
from tenfour.stack.place import open_place
from tests.command import tenfour

NEED_AWS = [
    ["status"],
    ["explain", "P26-1"],
    ["query", "comments"],
    ["report", "--quarter", "2026Q3"],
    ["keys", "list"],
    ["contact", "replies"],
    ["survey", "comments", "list"],
    ["settings", "history"],
    ["records", "audit"],
    ["hold", "--list"],
    ["lake", "rebuild", "2026-11-20"],
    ["approve"],
    ["destroy", "--yes"],
]


@pytest.fixture(autouse=True)
def no_region(monkeypatch, tmp_path):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "TENFOUR_STACK"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))


@pytest.mark.parametrize("words", NEED_AWS, ids=" ".join)
def test_a_command_without_a_region_says_how_to_name_one(words):
    done = tenfour(*words)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "AWS_REGION=" in done.stderr


def test_the_variable_that_the_line_names_is_read(monkeypatch):
    with pytest.raises(NoRegionError):
        boto3.client("dynamodb")
    monkeypatch.setenv("AWS_REGION", "us-gov-west-1")

    assert account_client("dynamodb").meta.region_name == "us-gov-west-1"


def test_a_place_without_a_region_says_the_same():
    with pytest.raises(CityFailed, match=r"AWS_REGION=us-west-2.*--region"):
        open_place("prod")


def test_no_command_goes_another_way_to_aws():
    ours = {"tenfour/common/account.py", "tenfour/common/reach.py"}
    for path in (ROOT / "tenfour").rglob("*.py"):
        assert path.relative_to(ROOT).as_posix() in ours or "boto3.client(" not in path.read_text(), path
