"""No region or credentials: each command that needs AWS says in one line what to do. AWS_REGION counts."""

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, NoRegionError
from botocore.stub import Stubber

from tenfour.common import account
from tenfour.common.account import account_client
from tenfour.common.errors import CityFailed
from tenfour.common.paths import ROOT
from tenfour.stack.place import no_account, open_place
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
    ["deploy", "--dry-run"],
    ["mapping", "list"],
    ["person", "erase", "+13035550123", "--reason", "asked"],
    ["shadow-report"],
]


CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@pytest.fixture(autouse=True)
def no_region(monkeypatch, tmp_path):
    for name in (*CREDENTIALS, "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "TENFOUR_STACK"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.mark.parametrize("words", NEED_AWS, ids=" ".join)
def test_a_command_without_a_region_says_how_to_name_one(words):
    done = tenfour(*words)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "AWS_REGION=" in done.stderr


@pytest.mark.parametrize("profile", [None, "nowhere"], ids=["no credentials", "no such profile"])
@pytest.mark.parametrize("words", NEED_AWS, ids=" ".join)
def test_a_command_without_credentials_says_how_to_sign_in(words, profile, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    if profile:
        monkeypatch.setenv("AWS_PROFILE", profile)
    done = tenfour(*words)

    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("no AWS credentials that work: ")
    assert "sign in, or set AWS_PROFILE" in line


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ExpiredToken", "no AWS credentials that work: "),
        ("InvalidClientTokenId", "no AWS credentials that work: "),
        ("ValidationError", "there is no stack 'tenfour' here: "),
        ("AccessDenied", "the stack 'tenfour' can't be looked at: "),
    ],
)
def test_credentials_that_aws_refuses_are_not_taken_for_a_missing_stack(code, said, monkeypatch):
    formation = boto3.client("cloudformation", "us-west-2", aws_access_key_id="x", aws_secret_access_key="x")
    stubber = Stubber(formation)
    stubber.add_client_error("describe_stacks", code)
    monkeypatch.setattr(account, "account_client", lambda _service: formation)

    with stubber, pytest.raises(CityFailed) as refused:
        account.account_outputs()
    assert str(refused.value).startswith(said)


def test_a_network_that_is_down_is_not_taken_for_bad_credentials():
    assert str(no_account(EndpointConnectionError(endpoint_url="https://x"))).startswith("AWS can't be reached: ")
    assert str(no_account(NoCredentialsError())).startswith("no AWS credentials that work: ")


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
