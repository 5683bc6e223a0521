"""Fetch what comes from npm anew: python scripts/vendor.py; says whether a file differs.

Slides stand on reveal.js (MIT), and tests on axe-core (MPL 2.0); both are kept in the repository,
with their licences, as npm has them. To take a new version change it here, with its digest.
"""

from __future__ import annotations

import base64
import hashlib
import io
import sys
import tarfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

REGISTRY = "https://registry.npmjs.org"


@dataclass(frozen=True)
class Vendored:
    """A package, npm's digest of its archive, and which of its files lie in which folder."""

    name: str
    version: str
    sha512: str
    folder: str
    files: tuple[str, ...]


PACKAGES = (
    Vendored(
        "reveal.js",
        "6.0.2",
        "JYIg5D9aoxoaLeb84O+OvAwsKWdIavVgEDScxtYEXFCT6t6TQrhNtSgogcjdCpdLsWglhJn3zyE3fUOwiH5KEg==",
        "cnnviz/course/slides/reveal",
        ("dist/reveal.js", "dist/reveal.css", "dist/reset.css", "LICENSE"),
    ),
    Vendored(
        "axe-core",
        "4.14.1",
        "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        "tests/course/axe",
        ("axe.min.js", "LICENSE"),
    ),
)


def main() -> int:
    """Fetch all packages; return 1 if a file was not as it is there."""
    changed = [path for package in PACKAGES for path in fetch(package)]
    for path in changed:
        print(f"{path} is new")
    return 1 if changed else 0


def fetch(package: Vendored) -> list[Path]:
    """Write a package's files and return those that have changed."""
    address = f"{REGISTRY}/{package.name}/-/{package.name}-{package.version}.tgz"
    with urllib.request.urlopen(address) as answer:
        data = answer.read()
    digest = base64.b64encode(hashlib.sha512(data).digest()).decode()
    if digest != package.sha512:
        raise SystemExit(f"{address} has the digest {digest}, not {package.sha512}")
    changed = []
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for name in package.files:
            member = archive.extractfile(f"package/{name}")
            assert member is not None
            content = member.read()
            path = ROOT / package.folder / Path(name).name
            if not path.is_file() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                changed.append(path)
    return changed


if __name__ == "__main__":
    sys.exit(main())
