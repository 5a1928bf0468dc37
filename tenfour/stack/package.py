"""Package the stack: Chalice's own package, pruned of what no function imports and compiled.

Chalice packs no byte code and all of botocore's service descriptions. So imports take three times as long, and most
of the zip is never read. Of libraries only the byte code goes along: an error in the log still names the file and the
line. The result depends on nothing but its sources, byte for byte, and is kept under their digest.
So anybody can package the same version again, and compare it with the one that runs.
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
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from chalicelib.insight.surveys.lexicon import FILE, packed
from tenfour.common.errors import CityFailed
from tenfour.common.paths import BUILD, ROOT, STACK_FILES
from tenfour.operate.known_words import lexicon
from tenfour.stack.prune import narrowed, read_of, undocumented
from tenfour.stack.sbom import listed
from tenfour.stack.template import merged
from tenfour.stack.vendor import LOCKS, fetch

SOURCES = ("app.py", "chalicelib", ".chalice")
_OURS = ("app.py", "chalicelib")
"""What is packed with its source."""

QUERIES = "infra/athena"
"""The lake's SQL. It goes along, at the same place, because figures are asked for in functions too."""

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
_MERGED = "merged.json"
_SBOM = "sbom.cdx.json"


class Build(Struct, frozen=True):
    """What to package: for an architecture of Lambda's, with Twilio's package or without."""

    architecture: str = "arm64"
    twilio: bool = False


class Package(Struct, frozen=True):
    """A packaged stack: a SAM template that names the zip beside it."""

    template: Path
    code: Path

    @property
    def sbom(self) -> Path:
        """The list of what is in the zip, beside it."""
        return self.code.with_name(_SBOM)


class Size(Struct, frozen=True):
    """How large the parts of a zip are, in bytes as they are stored."""

    zipped: int
    unpacked: int
    parts: tuple[tuple[str, int], ...]


def here() -> Build:
    """Return what a city on this machine runs: its own architecture, and every provider."""
    return Build(_ARCHITECTURES[platform.machine()], twilio=True)


def package(build: Build) -> Package:
    """Package; the same sources are packaged once. CityFailed says what Chalice has against it."""
    folder = BUILD / f"package-{_digest(build)}"
    packaged = Package(folder / "template.json", folder / "code.zip")
    BUILD.mkdir(exist_ok=True)
    with _only_one(BUILD / "package.lock"):
        if not packaged.template.exists():
            with tempfile.TemporaryDirectory(dir=BUILD) as scratch:
                made = make(Path(scratch), build)
                shutil.rmtree(folder, ignore_errors=True)
                made.rename(folder)
    return packaged


def sizes(packaged: Package) -> Size:
    """Return how large a package is, its largest parts first."""
    entries = zipfile.ZipFile(packaged.code).infolist()
    parts: Counter[str] = Counter()
    for entry in entries:
        parts[entry.filename.partition("/")[0].removesuffix(".py")] += entry.compress_size
    unpacked = sum(entry.file_size for entry in entries)
    return Size(packaged.code.stat().st_size, unpacked, tuple(parts.most_common()))


def make(scratch: Path, build: Build) -> Path:
    """Package in an empty folder and return the folder within it that holds the result."""
    project, chalice_out, out = scratch / "project", scratch / "chalice", scratch / "out"
    _copy_sources(project)
    _configure(project, build)
    (project / "chalicelib" / "words" / FILE.name).write_text(packed(lexicon()), encoding="utf-8")
    digests = fetch(project / "vendor", build.architecture, twilio=build.twilio)
    _run_chalice(project, chalice_out)
    unpacked = scratch / "code"
    _unpack(chalice_out / "deployment.zip", unpacked)
    _compile(unpacked)
    shutil.copytree(ROOT / QUERIES, unpacked / QUERIES, ignore=lambda folder, names: _no_sql(Path(folder), names))
    out.mkdir()
    _zip(unpacked, out / "code.zip")
    (out / _SBOM).write_text(listed(project / "vendor", digests, out / "code.zip"))
    template = (chalice_out / "sam.json").read_text().replace("./deployment.zip", "./code.zip")
    # Chalice orders parts by hashes that change from run to run.
    (out / "template.json").write_text(json.dumps(json.loads(template), indent=1, sort_keys=True) + "\n")
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


def _configure(project: Path, build: Build) -> None:
    """Tell Chalice what it reads from files only."""
    (project / _MERGED).write_text(json.dumps(merged()))
    config = project / ".chalice" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"lambda_architecture": build.architecture}))


def _no_sql(folder: Path, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".sql") and not (folder / name).is_dir()]


def _run_chalice(project: Path, out: Path) -> None:
    command = [sys.executable, "-c", "from chalice.cli import main; main()", "package", "--stage", "prod"]
    merge = ["--merge-template", _MERGED, str(out)]
    # The region is asked for, but a template has none.
    environment = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run([*command, *merge], cwd=project, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CityFailed(done.stdout + done.stderr)


def _unpack(zipped: Path, code: Path) -> None:
    """Unpack what functions read: most files are of botocore's data, and would be taken out again."""
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(code, read_of(archive.namelist()))
    for described in code.glob("botocore/data/*/*/service-2.json.gz"):
        described.write_bytes(undocumented(described.read_bytes()))
    addresses = code / "botocore/data/endpoints.json"
    addresses.write_bytes(narrowed(addresses.read_bytes()))


def _compile(code: Path) -> None:
    """Compile for the Python that runs here: Chalice names the same one as the functions' runtime.

    Docstrings stay out of what is compiled: they are an eighth of the zip, and ours are in the sources beside it.
    """
    ours = [code / name for name in _OURS]
    libraries = [path for path in code.iterdir() if path.name not in _OURS]
    _compile_all(code, ours)
    for compiled in code.rglob("*.opt-2.pyc"):  # Lambda runs without -OO, and looks for the plain name
        compiled.rename(compiled.with_name(compiled.name.replace(".opt-2", "")))
    _compile_all(code, libraries, "-b")  # beside the source, where Python finds it when the source is gone
    for library in libraries:
        for source in [library] if library.suffix == ".py" else [*library.rglob("*.py")]:
            source.unlink()


def _compile_all(code: Path, what: list[Path], *more: str) -> None:
    options = [
        "-q",
        "-j",
        "0",
        "-o",
        "2",
        "--invalidation-mode",
        "unchecked-hash",
        "-s",
        str(code),
        "-p",
        "/var/task",
        *more,
    ]
    # Sets of constants are written in the order of their hashes: without a fixed seed no two runs are alike.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "compileall", *options, *map(str, what)]
    if subprocess.run(command, env=environment, check=False).returncode:
        raise CityFailed("some module does not compile")


def _zip(code: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in code.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(code)), _LONG_AGO)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)


def _digest(build: Build) -> str:
    seen = hashlib.sha256(f"{build} {sys.version_info[:2]}".encode())
    for name in (
        *SOURCES,
        QUERIES,
        str(STACK_FILES.relative_to(ROOT)),
        "tenfour/stack/package.py",
        "tenfour/stack/prune.py",
        "tenfour/stack/template.py",
        "tenfour/stack/sbom.py",
        "tenfour/stack/licences.py",
        "tenfour/stack/vendor.py",
        LOCKS[build.twilio],
        "tenfour/operate/known_words.py",
        "locked/dev.txt",
    ):
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
