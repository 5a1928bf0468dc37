"""List what is in the zip, as CycloneDX: each library with its version, licence and wheel's digest, bound to the zip's.

A library of whose files none is packed is no part of it. The list depends on nothing but the package, so it has no
time and no number by chance: the same zip has the same list, byte for byte.
"""

import hashlib
import importlib.metadata
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from tenfour.common.errors import CityFailed
from tenfour.stack.licences import licence_of
from tenfour.stack.prune import is_read
from tenfour.stack.vendor import canonical

_VERSION = SchemaVersion.V1_6
_CHALICE = "chalice"
"""Its runtime is packed from the installed package, and from no wheel."""


def listed(vendor: Path, digests: Mapping[str, str], code: Path) -> str:
    """Return a zip's list, of a folder's libraries and their wheels' digests; CityFailed if it is no CycloneDX."""
    packed = [library for library in importlib.metadata.distributions(path=[str(vendor)]) if _is_packed(library)]
    libraries = [*packed, importlib.metadata.distribution(_CHALICE)]
    parts = {name: _component(name, library, digests.get(name)) for name, library in _named(libraries)}
    digest = hashlib.sha256(code.read_bytes()).hexdigest()
    stack = Component(
        name="tenfour",
        version=importlib.metadata.version("tenfour"),
        type=ComponentType.APPLICATION,
        bom_ref="tenfour",
        hashes=[_sha256(digest)],
        licenses=[LicenseExpression("Apache-2.0")],
    )
    bom = Bom(components=parts.values(), serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"sha256:{digest}"))
    bom.metadata.component = stack
    bom.register_dependency(stack, parts.values())
    return _valid(json.loads(make_outputter(bom, OutputFormat.JSON, _VERSION).output_as_string()))


def _valid(written: dict[str, dict[str, object]]) -> str:
    from cyclonedx.validation.json import JsonStrictValidator  # a second and a half, and most commands make no package

    del written["metadata"]["timestamp"]
    text = json.dumps(written, indent=1, sort_keys=True) + "\n"
    if problem := JsonStrictValidator(_VERSION).validate_str(text):
        raise CityFailed(f"the list of what is in the zip is no CycloneDX: {problem}")
    return text


def _is_packed(library: Distribution) -> bool:
    return any(is_read(str(path)) and path.parts[0] != ".." for path in library.files or ())


def _named(libraries: Iterable[Distribution]) -> Iterator[tuple[str, Distribution]]:
    return ((canonical(library.name), library) for library in libraries)


def _component(name: str, library: Distribution, digest: str | None) -> Component:
    purl = PackageURL("pypi", name=name, version=library.version)
    return Component(
        name=name,
        version=library.version,
        bom_ref=str(purl),
        purl=purl,
        hashes=[_sha256(digest)] if digest else [],
        licenses=[LicenseExpression(licence_of(library))],
    )


def _sha256(digest: str) -> HashType:
    return HashType(alg=HashAlgorithm.SHA_256, content=digest)
