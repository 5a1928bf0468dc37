"""A certificate authority that lives as long as a city: its functions trust it, and nobody else does."""

from pathlib import Path

import trustme

TRUSTED = "authority.pem"


def found(state: Path) -> trustme.CA:
    """Make an authority in a city's folder."""
    authority = trustme.CA(organization_name="the local city")
    authority.cert_pem.write_to_path(str(state / TRUSTED))
    return authority


def certify(authority: trustme.CA, folder: Path, *names: str) -> tuple[Path, Path]:
    """Certify a server under these names; return where its key is, and its certificate with those above it."""
    certificate = authority.issue_cert(*names)
    key, chain = folder / f"{names[0]}.key", folder / f"{names[0]}.pem"
    key.touch(mode=0o600)
    certificate.private_key_pem.write_to_path(str(key))
    chain.write_bytes(b"".join(pem.bytes() for pem in certificate.cert_chain_pems))
    return key, chain
