"""What stands in a stack's way is found before CloudFormation trips over it, or cleared away with its stack."""

import pytest
from botocore.stub import Stubber

from rigs.city.serve import address, bound_socket, serving
from tenfour.common.reach import client
from tenfour.stack.change import upload
from tenfour.stack.check_leftovers import check_leftovers
from tenfour.stack.checks import look_around
from tenfour.stack.destroy import DAYS_TO_REGRET, Keeper, delete_data, destroy, keepers
from tenfour.stack.package import Package
from tenfour.stack.place import Place
from tests.tenfour.fake_account import Account, number
from tests.tenfour.test_deploy import NO_FUNCTIONS, NOBODY, at

AT = "2026-01-01T00:00:00Z"
ARN = number()["PhoneNumberArn"]


def place_with(formation, carriers=NOBODY):
    """Return a place where CloudFormation answers what a test says, and carriers answer at an address."""
    there = at(carriers)
    return Place(
        account="123456789012",
        region="us-west-2",
        partition="aws",
        stage="prod",
        client=lambda name: formation if name == "cloudformation" else there.client(name),
    )


def described(**more):
    return {"Stacks": [{"StackName": "tenfour", "CreationTime": AT, "StackStatus": "UPDATE_COMPLETE", **more}]}


def formation_that(*answers):
    """Return a CloudFormation with these answers in their order; `None` is a stack that there is not."""
    made = client("cloudformation", NOBODY)
    stub = Stubber(made)
    for operation, answer in answers:
        if answer is None:
            stub.add_client_error(operation, "ValidationError", "Stack with id tenfour does not exist")
        else:
            stub.add_response(operation, answer)
    stub.activate()
    return made


@pytest.mark.parametrize(
    ("status", "level", "says"),
    [
        ("UPDATE_ROLLBACK_FAILED", "stop", "`aws cloudformation continue-update-rollback --stack-name tenfour`"),
        ("UPDATE_FAILED", "stop", "`aws cloudformation rollback-stack --stack-name tenfour`"),
        ("ROLLBACK_FAILED", "stop", "`tenfour destroy --stage prod`"),
        ("ROLLBACK_COMPLETE", "stop", "`tenfour destroy --stage prod`"),
        ("UPDATE_IN_PROGRESS", "stop", "wait until that has ended"),
        ("UPDATE_ROLLBACK_COMPLETE", "ok", "UPDATE_ROLLBACK_COMPLETE"),
    ],
)
def test_a_stack_that_can_not_be_changed_is_told_what_helps(status, level, says):
    place = place_with(formation_that(("describe_stacks", described(StackStatus=status))))

    judged = next(each for each in look_around(place, NO_FUNCTIONS, None, None) if each.about == "stack")

    assert (judged.level, says in judged.says) == (level, True), judged


@pytest.mark.parametrize(
    ("account", "parameters", "stack", "says"),
    [
        ({"verified": False}, {"EmailDomain": "city.example"}, None, None),
        (
            {},
            {"EmailDomain": "city.example"},
            None,
            "city.example is an identity in SES already: leave EmailDomain out",
        ),
        ({}, {"EmailDomain": "city.example"}, {"EmailDomain": "city.example"}, None),
        ({}, {"EmailDomain": "city.example"}, {"EmailDomain": ""}, "city.example is an identity in SES already"),
        ({}, {}, None, None),
        ({}, {"TextNumbers": ARN}, None, None),
        ({"numbers": [number(PoolId="pool-1")]}, {"TextNumbers": ARN}, None, "+13035550199 is in the pool pool-1"),
        ({"numbers": [number(PoolId="pool-1")]}, {"TextNumbers": ""}, None, None),
        ({"numbers": [number(PoolId="ours")]}, {"TextNumbers": ARN}, {"TextNumbers": ARN}, None),
    ],
)
def test_names_that_only_one_thing_can_have_are_free_or_this_stacks_own(account, parameters, stack, says):
    known = stack and described(
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in stack.items()],
        Outputs=[{"OutputKey": "TextPool", "OutputValue": "ours"}],
    )
    formation = formation_that(("describe_stacks", known), ("describe_stacks", known))
    held = bound_socket(0)
    with serving(Account(**account).app(), held):
        found = list(check_leftovers(place_with(formation, address(held)), parameters))

    assert [each.level for each in found] == (["stop"] if says else [])
    assert not says or says in found[0].says


@pytest.mark.parametrize(("status", "gone"), [("CREATE_COMPLETE", ["city.example"]), ("CREATE_FAILED", [])])
def test_an_identity_goes_with_its_stack_if_that_made_it_and_is_no_data(status, gone):
    """One that could not be made because the city has it already is the city's."""
    identity = {
        "ResourceType": "AWS::SES::EmailIdentity",
        "LogicalResourceId": "EmailIdentity",
        "PhysicalResourceId": "city.example",
        "ResourceStatus": status,
        "LastUpdatedTimestamp": AT,
    }
    ours = described(StackId="arn:aws:cloudformation:us-west-2:1:stack/tenfour/1")
    listed = ("list_stack_resources", {"StackResourceSummaries": [identity]})
    formation = formation_that(
        listed,
        listed,
        ("update_termination_protection", {"StackId": "1"}),
        ("describe_stacks", ours),
        ("delete_stack", {}),
        ("describe_stacks", described(StackStatus="DELETE_COMPLETE")),
    )
    told, account, held = [], Account(), bound_socket(0)
    with serving(account.app(), held):
        place = place_with(formation, address(held))
        assert keepers(place) == []
        destroy(place, told.append)

    assert account.deleted == gone
    assert ("a new stack makes it anew" in told[-1]) is bool(gone)


@pytest.mark.parametrize(
    ("endpoint", "region", "begins"),
    [
        ("https://s3.amazonaws.com", "us-east-1", "https://s3.us-east-1.amazonaws.com/"),
        ("https://s3-fips.us-east-1.amazonaws.com", "us-east-1", "https://s3.us-east-1.amazonaws.com/"),
        ("https://s3-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", "https://s3.us-gov-west-1.amazonaws.com/"),
        ("http://127.0.0.1:4566", "us-west-2", "http://127.0.0.1:4566/"),
    ],
)
def test_cloudformation_finds_the_template_at_s3s_plain_address(tmp_path, endpoint, region, begins):
    (tmp_path / "template.json").write_text('{"Resources": {}}')
    (tmp_path / "code.zip").write_bytes(b"")
    storage = client("s3", endpoint)
    stub = Stubber(storage)
    for operation in ("head_bucket", "put_public_access_block", "put_bucket_versioning", "put_object", "put_object"):
        stub.add_response(operation, {})
    stub.activate()
    place = Place(account="1", region=region, partition="aws", stage="prod", client=lambda _: storage)

    url = upload(Package(tmp_path / "template.json", tmp_path / "code.zip"), place)

    assert url.startswith(f"{begins}tenfour-artifacts-1-{region}/")
    assert url.endswith("/template.json")


@pytest.mark.parametrize(("versions", "stays"), [([], False), ([{"Key": "act.json", "VersionId": "1"}], True)])
def test_locked_copies_stay_with_the_key_that_opens_them_and_a_locked_bucket_that_is_empty_goes(versions, stays):
    storage = client("s3", NOBODY)
    stub, told = Stubber(storage), []
    lock = {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}
    stub.add_response("get_object_lock_configuration", lock)
    stub.add_response("list_object_versions", {"Versions": versions})
    if not stays:
        stub.add_response("list_object_versions", {})
        stub.add_response("delete_bucket", {})
    stub.activate()
    keys = client("kms", NOBODY)
    ended = Stubber(keys)
    ended.add_response("schedule_key_deletion", {}, {"KeyId": "key", "PendingWindowInDays": DAYS_TO_REGRET})
    ended.activate()
    place = Place(
        account="1", region="us-west-2", partition="aws", stage="prod", client={"s3": storage, "kms": keys}.__getitem__
    )
    kept = [Keeper("AWS::KMS::Key", "DataKey", "key"), Keeper("AWS::S3::Bucket", "LedgerCopies", "copies")]

    delete_data(place, kept, told.append)

    stub.assert_no_pending_responses()
    assert [line.partition(":")[0] for line in told] == (["stays"] * 2 if stays else ["deleted"] * 2)
