"""Package the stack: Chalice's own package, pruned of what no function imports and compiled.

Chalice packs no byte code and all of botocore's service descriptions: imports then take three times as
long, and most of the zip is never read. The result depends on nothing but its sources, and is kept
under their digest.
"""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from ops.errors import CityFailed
from ops.paths import BUILD, RESOURCES, ROOT

SOURCES = ("app.py", "chalicelib", ".chalice", "requirements.txt", "infra/resources.json")
SERVICES = frozenset({"dynamodb", "pinpoint-sms-voice-v2", "s3", "secretsmanager", "sesv2", "sns", "sqs"})
"""The AWS services that a function calls: of botocore's data, these stay."""

NEVER_IMPORTED = (
    *("aiohappyeyeballs", "aiohttp*", "aiosignal", "attr", "attrs", "frozenlist", "jwt", "multidict", "propcache"),
    *("yarl", "twilio/jwt", "twilio/twiml"),
)
"""What Twilio's package brings for other ways of using it; of its APIs only the first, `rest/api`, stays."""

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


class Package(Struct, frozen=True):
    """A packaged stack: a SAM template that names the zip beside it."""

    template: Path
    code: Path


def package(architecture: str | None = None) -> Package:
    """Package for an architecture of Lambda's (this machine's by default); the same sources are packaged once."""
    architecture = architecture or _ARCHITECTURES[platform.machine()]
    folder = BUILD / f"package-{_digest(architecture)}"
    packaged = Package(folder / "template.json", folder / "code.zip")
    BUILD.mkdir(exist_ok=True)
    with _only_one(BUILD / "package.lock"):
        if not packaged.template.exists():
            with tempfile.TemporaryDirectory(dir=BUILD) as scratch:
                made = _make(Path(scratch), architecture)
                shutil.rmtree(folder, ignore_errors=True)
                made.rename(folder)
    return packaged


def _make(scratch: Path, architecture: str) -> Path:
    project, chalice_out, out = scratch / "project", scratch / "chalice", scratch / "out"
    _copy_sources(project)
    _run_chalice(project, chalice_out, architecture)
    unpacked = scratch / "code"
    zipfile.ZipFile(chalice_out / "deployment.zip").extractall(unpacked)
    _prune(unpacked)
    _compile(unpacked)
    out.mkdir()
    _zip(unpacked, out / "code.zip")
    template = (chalice_out / "sam.json").read_text().replace("./deployment.zip", "./code.zip")
    (out / "template.json").write_text(template)
    return out


def _copy_sources(project: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "deployments", "deployed", "*.pyc")
    for name in SOURCES:
        source, target = ROOT / name, project / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=ignored)
        else:
            shutil.copy(source, target)


def _run_chalice(project: Path, out: Path, architecture: str) -> None:
    config = json.loads((project / ".chalice" / "config.json").read_text())
    config["lambda_architecture"] = architecture
    (project / ".chalice" / "config.json").write_text(json.dumps(config))
    command = [sys.executable, "-c", "from chalice.cli import main; main()", "package", "--stage", "prod"]
    merge = ["--merge-template", str(project / RESOURCES.relative_to(ROOT)), str(out)]
    # The region is asked for, but a template has none.
    environment = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run([*command, *merge], cwd=project, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CityFailed(done.stdout + done.stderr)


def _prune(code: Path) -> None:
    data = code / "botocore" / "data"
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in SERVICES:
            shutil.rmtree(folder)
    rest = code / "twilio" / "rest"
    for folder in rest.iterdir():
        if folder.is_dir() and folder.name != "api":
            shutil.rmtree(folder)
    for pattern in (*NEVER_IMPORTED, "*.dist-info", "*.data", "boto3/examples", "*/tests", "bin"):
        for folder in code.glob(pattern):
            shutil.rmtree(folder)


def _compile(code: Path) -> None:
    """Compile for the Python that runs here: Chalice names the same one as the functions' runtime."""
    options = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash", "-s", str(code), "-p", "/var/task"]
    # Sets of constants are written in the order of their hashes: without a fixed seed no two runs are alike.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "compileall", *options, str(code)]
    if subprocess.run(command, env=environment, check=False).returncode:
        raise CityFailed("some module does not compile")


def _zip(code: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(path for path in code.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(code)), _LONG_AGO)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def _digest(architecture: str) -> str:
    seen = hashlib.sha256(f"{architecture} {sys.version_info[:2]}".encode())
    seen.update(Path(__file__).read_bytes())
    for name in SOURCES:
        for path in sorted(_files(ROOT / name)):
            seen.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:16]


def _files(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    for path in source.rglob("*"):
        if path.is_file() and not {"__pycache__", "deployments", "deployed"} & set(path.parts):
            yield path


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Let one process at a time package: two local cities may start at once."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
