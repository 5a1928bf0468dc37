import gzip
import hashlib
import importlib.metadata
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from botocore.loaders import Loader
from botocore.regions import EndpointResolver
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from typer.testing import CliRunner

from chalicelib.insight.figures.queries import queries
from rigs.bench.starts import unpacked
from rigs.city.deploy import LEFT_OUT, NO_TLS, for_emulator
from tenfour.common.errors import CityFailed
from tenfour.common.paths import ROOT
from tenfour.main import cli
from tenfour.stack import package as packager
from tenfour.stack.package import Build, here, make, package, sizes
from tenfour.stack.prune import ENDPOINTS, SERVICES
from tenfour.stack.sbom import _valid
from tenfour.stack.vendor import canonical

SLIM = Build("arm64")
OURS = ("app.py", "chalicelib/", "infra/", "__pycache__/app.")
LOCKED = re.compile(r"^([a-z0-9-]+)==((?:.*\\\n)+.*)$", re.MULTILINE)
"""A package in a lock, and all lines about it."""


@pytest.fixture(scope="module")
def packaged():
    return package(here())


@pytest.fixture(scope="module")
def code(packaged):
    with unpacked(packaged) as folder:
        yield folder


@pytest.fixture(scope="module")
def slim():
    """The package of an agency that does not send by Twilio."""
    return package(SLIM)


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    """The same package, made once more with all that it was made of."""
    return make(tmp_path_factory.mktemp("elsewhere") / "again", SLIM)


@pytest.fixture(scope="module")
def names(packaged):
    return set(zipfile.ZipFile(packaged.code).namelist())


def test_it_holds_what_runs_and_nothing_else(names):
    assert {
        "app.py",
        "chalicelib/flow/notifications/deliver.py",
        "chalicelib/words/en.toml",
        "chalicelib/web/static/survey.html",
    } <= names
    assert not {
        name for name in names if name.startswith(("tenfour/", "rigs/", "feed/", "tests/")) or ".dist-info" in name
    }


def test_of_infra_it_holds_the_lakes_queries_alone(names):
    """Functions ask the lake with the same SQL as commands; settings, maps and templates are no business of theirs."""
    queries_and_views = {str(path.relative_to(ROOT)) for path in (ROOT / "infra/athena").rglob("*.sql")}

    assert {name for name in names if name.startswith("infra/")} == queries_and_views
    assert len(queries_and_views) > 20


def test_it_is_compiled_and_pruned(names):
    data = {name.split("/")[2] for name in names if name.startswith("botocore/data/") and name.count("/") > 2}

    assert "__pycache__/app.cpython-{}{}.pyc".format(*sys.version_info[:2]) in names
    assert data == SERVICES


def test_descriptions_of_services_are_whole_but_for_their_documentation(code):
    def named(told):
        return {name: sorted(shape.get("members", ())) for name, shape in told["shapes"].items()}

    for service in SERVICES:
        (packed,) = code.glob(f"botocore/data/{service}/*/service-2.json.gz")
        whole = Loader().load_service_model(service, "service-2")
        told = json.loads(gzip.decompress(packed.read_bytes()))

        assert told["operations"].keys() == whole["operations"].keys()
        assert named(told) == named(whole)
        assert packed.stat().st_size < 25_000


def test_addresses_of_our_services_are_those_that_botocore_knows_in_each_region(code):
    whole = EndpointResolver(Loader().load_data("endpoints"))
    ours = EndpointResolver(json.loads((code / "botocore/data/endpoints.json").read_bytes()))
    names = {Loader().load_service_model(name, "service-2")["metadata"]["endpointPrefix"] for name in SERVICES}
    partitions = whole.get_available_partitions()
    regions = {region for one in partitions for region in whole.get_available_endpoints("s3", one)}

    assert names == ENDPOINTS
    assert ours.get_available_partitions() == partitions
    assert len(regions) > 30
    for name in names:
        for region in regions | {"us-east-99"}:
            assert ours.construct_endpoint(name, region) == whole.construct_endpoint(name, region)


EVERY_OPERATION = """
import sys
sys.path.insert(0, sys.argv[1])
from botocore.session import Session
for name in sys.argv[2].split():
    client = Session().create_client(name, "us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
    model = client.meta.service_model
    model.client_context_parameters, model.endpoint_discovery_operation
    for operation in map(model.operation_model, model.operation_names):
        operation.input_shape, operation.output_shape, operation.context_parameters, operation.error_shapes
    client.meta.endpoint_url
    for method, called in client.meta.method_to_api_mapping.items():
        if client.can_paginate(method):
            client.get_paginator(method)
client = Session().create_client("s3", "us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
print(client.generate_presigned_url("list_objects_v2", {"Bucket": "lake"}))
"""


def test_botocore_reads_each_description_as_it_is_packed(code):
    """The whole way to an address, too: what only a call looks at, such as a client's parameters, must be there."""
    given = ["-c", EVERY_OPERATION, str(code), " ".join(sorted(SERVICES))]
    done = subprocess.run([sys.executable, "-I", *given], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("https://lake.s3")


def test_with_every_provider_it_is_still_small(packaged):
    assert packaged.code.stat().st_size < 8_000_000


def test_one_list_of_certificates_goes_and_it_is_the_one_that_botocore_trusts(names, code):
    find = f"import sys; sys.path.insert(0, {str(code)!r})"
    program = f"{find}; from botocore.httpsession import get_cert_path; print(get_cert_path(True))"

    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)

    assert {name for name in names if name.endswith("cacert.pem")} == {"certifi/cacert.pem"}
    assert done.stdout == f"{code}/certifi/cacert.pem\n", done.stderr


def test_our_modules_go_with_their_source_and_libraries_without(names):
    ours = ("app.py", "chalicelib/")
    sources = {name for name in names if name.endswith(".py")}

    assert {name for name in sources if not name.startswith(ours)} == set()
    assert {"app.py", "chalicelib/domain/notifications/plan.py"} <= sources
    assert {"six.pyc", "pynamodb/models.pyc", "twilio/rest/__init__.pyc"} <= names


def test_the_list_of_what_is_in_the_zip_is_cyclonedx_and_names_that_zip(packaged):
    listed = json.loads(packaged.sbom.read_text())
    digest = hashlib.sha256(packaged.code.read_bytes()).hexdigest()

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(packaged.sbom.read_text()) is None
    assert listed["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": digest}]
    assert "timestamp" not in listed["metadata"]


def test_the_list_has_each_library_of_the_zip_and_no_other(packaged, names):
    modules = {name.split("/")[0].removesuffix(".pyc") for name in names} - {"app.py", "chalicelib", "infra"}
    packages = {"dateutil": "python-dateutil", "phonenumbers": "phonenumberslite"}
    packed = {packages.get(name, name.replace("_", "-")) for name in modules - {"--pycache--", "__pycache__"}}
    listed = json.loads(packaged.sbom.read_text())["components"]

    assert {part["name"] for part in listed} == {name for name in packed if not name[0].isdigit()}
    assert all(part["licenses"] and part["version"] for part in listed)


def test_the_list_has_the_digest_of_the_wheel_that_was_packed_and_the_lock_has_it_too(packaged):
    locked = dict(LOCKED.findall((ROOT / "locked/twilio.txt").read_text()))
    listed = json.loads(packaged.sbom.read_text())["components"]
    digests = {part["name"]: [each["content"] for each in part.get("hashes", ())] for part in listed}

    assert digests.pop("chalice") == []  # its runtime comes from the installed package
    assert {name: len(each) for name, each in digests.items() if len(each) != 1} == {}
    assert {name for name, (digest,) in digests.items() if digest not in locked[name]} == set()


@pytest.mark.whole
def test_each_file_of_a_library_is_of_one_that_the_list_names(again):
    """What libraries say of themselves, in the `RECORD` of each `dist-info`, beside what is really in the zip."""
    owners = {
        str(path): canonical(library.name)
        for library in importlib.metadata.distributions(path=[str(again.parent / "project" / "vendor")])
        for path in library.files or ()
    }
    names = zipfile.ZipFile(again / "code.zip").namelist()
    theirs = [name for name in names if not name.startswith((*OURS, "chalice/"))]
    found = {owners[name] if name in owners else owners[f"{name.removesuffix('.pyc')}.py"] for name in theirs}
    listed = {part["name"] for part in json.loads((again / "sbom.cdx.json").read_text())["components"]}

    assert found | {"chalice"} == listed
    assert len(theirs) > 500


def test_what_is_no_cyclonedx_is_refused():
    with pytest.raises(CityFailed, match="no CycloneDX"):
        _valid({"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"timestamp": ""}, "components": "none"})


def test_a_zip_without_a_list_is_no_package(monkeypatch, tmp_path):
    """The list is made last. Where that fails, nothing is kept, and the command says so and fails."""

    def fail(scratch, build):
        (scratch / "out").mkdir()
        (scratch / "out" / "code.zip").write_bytes(b"")
        raise CityFailed("the list of what is in the zip is no CycloneDX: components")

    monkeypatch.setattr(packager, "BUILD", tmp_path)
    monkeypatch.setattr(packager, "make", fail)
    done = CliRunner().invoke(cli, ["package", "--out", str(tmp_path / "out")])

    assert done.exit_code == 2
    assert "no CycloneDX" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["package.lock"]


@pytest.mark.whole
def test_without_twilio_it_is_small_and_brings_nothing_of_it(slim):
    names = zipfile.ZipFile(slim.code).namelist()

    assert slim.code.stat().st_size < 7_100_000
    assert not {name.split("/")[0] for name in names} & {"twilio", "requests", "boto3", "s3transfer"}
    assert [name for name in names if name.endswith("cacert.pem")] == ["botocore/cacert.pem"]
    assert {name.split(".")[-2] for name in names if name.endswith(".so")} <= {
        "cpython-{}{}-aarch64-linux-gnu".format(*sys.version_info[:2])
    }
    assert sum(stored for _, stored in sizes(slim).parts) < slim.code.stat().st_size


@pytest.mark.whole
def test_it_is_the_same_bytes_wherever_and_whenever_it_is_made(slim, again):
    assert (again / "code.zip").read_bytes() == slim.code.read_bytes()
    assert (again / "template.json").read_bytes() == slim.template.read_bytes()
    assert (again / "sbom.cdx.json").read_bytes() == slim.sbom.read_bytes()


def test_a_text_by_twilio_goes_by_the_next_provider_where_twilio_was_not_packaged():
    program = (
        "import sys; sys.modules['twilio'] = None\n"
        "from chalicelib.carriers.tools import Carriers\n"
        "from chalicelib.carriers.twilio.account import TwilioAccount\n"
        "from chalicelib.carriers.twilio.sender import Twilio\n"
        "from chalicelib.ports.carrier import Outgoing, SendFailed\n"
        "text = Outgoing(id='a', address='+13035550100', sender='+13035550101', body='Hello', lives_for=60)\n"
        "try: Twilio(lambda: Carriers(TwilioAccount('AC', 'x')), 'http://127.0.0.1:9').send(text)\n"
        "except SendFailed as failed: print(failed)"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stdout == "retry: not_packaged\n", done.stderr


def test_it_imports_without_anything_of_this_machine(code):
    """The emulator's own packages are on its functions' path: this is where a missing one shows."""
    find = f"import sys; sys.path.insert(0, {str(code)!r})"
    program = f"{find}; import app, chalicelib.wiring; print(app.app.app_name)"

    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)

    assert done.stdout == "tenfour\n", done.stderr


def test_twilios_package_is_pruned_of_nothing_that_a_text_needs(code):
    find = f"import sys; sys.path.insert(0, {str(code)!r})"
    imported = "import app, chalicelib.wiring; assert not [name for name in sys.modules if name.startswith('twilio')]"
    used = "from chalicelib.carriers.twilio.http import OnceHttpClient; from twilio.rest import Client"
    call = "print(Client('AC', 'x', http_client=OnceHttpClient('http://127.0.0.1:9')).messages.create)"

    program = f"{find}; {imported}; {used}; {call}"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)

    assert "MessageList.create" in done.stdout, done.stderr


def test_the_same_sources_are_packaged_once(packaged):
    before = packaged.code.stat().st_mtime_ns

    assert package(here()) == packaged
    assert packaged.code.stat().st_mtime_ns == before


def test_the_template_is_one_that_cloudformation_takes(packaged):
    """Before the transform, an API and its stage are one resource, which the desk's client and function lead back to.

    They are two in what CloudFormation makes of it: tests/house/test_transformed.py lints that without an exception.
    """
    lint = [Path(sys.executable).with_name("cfn-lint"), "--format", "parseable", "--ignore-checks", "E3004"]
    command = [*lint, "--regions", "us-west-2", "us-gov-west-1", "--", str(packaged.template)]

    linted = subprocess.run(command, capture_output=True, text=True, check=False)

    assert linted.returncode == 0, linted.stdout


def test_every_function_has_a_role_of_its_own_and_no_more_than_it_names(packaged):
    resources = json.loads(packaged.template.read_text())["Resources"]
    functions = {name: item for name, item in resources.items() if item["Type"] == "AWS::Serverless::Function"}
    roles = [item["Properties"]["Role"]["Fn::GetAtt"][0] for item in functions.values()]

    assert len(set(roles)) == len(functions) == 10
    for role in roles:
        (policy,) = resources[role]["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]:
            assert not [action for action in statement["Action"] if "*" in action]
            # A phone has no ARN: what may be published to is everything but topics.
            phones = statement["Action"] == ["sns:Publish"] and "NotResource" in statement
            assert not phones or "sns:*:*:*" in statement["NotResource"]["Fn::Sub"]
            named = not phones and statement["Resource"] != "*"
            assert phones or named or statement["Action"] == ["dynamodb:ListStreams"]


def test_what_the_emulator_does_not_know_is_left_out_and_nothing_else(packaged):
    template = json.loads(packaged.template.read_text())

    left = for_emulator(template)["Resources"]

    gone = {name: template["Resources"][name]["Type"] for name in template["Resources"].keys() - left.keys()}
    named = {name for name, kind in gone.items() if kind == "AWS::Athena::NamedQuery"}
    policies = {name for name, kind in gone.items() if name.endswith("Policy")}  # that demand TLS, and nothing else
    assert len(named) == len(queries())
    assert policies > {"LakePolicy", "HintsPolicy", "FollowUpsTopicPolicy"}
    assert {name: kind for name, kind in gone.items() if name not in named | policies} == {
        "TextConfiguration": "AWS::SMSVOICE::ConfigurationSet",
        "TextOptOuts": "AWS::SMSVOICE::OptOutList",
        "TextPool": "AWS::SMSVOICE::Pool",
        "PagesAclAssociation": "AWS::WAFv2::WebACLAssociation",
        "ReceiptsMissingAlarm": "AWS::CloudWatch::Alarm",
    }
    known = tuple(what.partition(" ")[0] for what in LEFT_OUT)
    assert all(kind.startswith(known) for name, kind in gone.items() if name not in policies)
    said = [each["Properties"]["PolicyDocument"]["Statement"] for each in map(template["Resources"].get, policies)]
    assert not [one for statements in said for one in statements if one["Condition"] != NO_TLS]
