"""What package indexes and installers read about cnnviz."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.metadata import Metadata

from tests.packaging.environments import ROOT

HOME = "https://github.com/cnnviz/cnnviz"


@pytest.fixture(scope="module")
def archive(wheel: Path) -> ZipFile:
    return ZipFile(wheel)


@pytest.fixture(scope="module")
def metadata(archive: ZipFile) -> Metadata:
    name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    return Metadata.from_email(archive.read(name))  # raises if it breaks the standard


def test_addresses(metadata: Metadata) -> None:
    assert metadata.project_urls is not None
    assert set(metadata.project_urls) == {
        *("Homepage", "Documentation", "Repository", "Issues", "Changelog")
    }
    assert all(url.startswith(HOME) for url in metadata.project_urls.values())


def test_the_readme_leads_everywhere_from_everywhere(metadata: Metadata) -> None:
    readme = metadata.description
    assert readme is not None
    assert metadata.description_content_type == "text/markdown"
    prose = re.sub(r"```.*?```", "", readme, flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)]+)\)", prose)
    assert not [target for target in targets if not target.startswith("https://")]

    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", prose)
    raw = "https://raw.githubusercontent.com/cnnviz/cnnviz/main/"
    assert pictures
    for url in pictures:
        assert url.startswith(raw)
        assert (ROOT / url.removeprefix(raw)).is_file()
    for url in targets:
        if url.startswith(f"{HOME}/blob/main/"):
            assert (ROOT / url.removeprefix(f"{HOME}/blob/main/")).exists(), url


def test_terms(metadata: Metadata, archive: ZipFile) -> None:
    assert metadata.license_expression == (
        "MIT AND CC0-1.0 AND CC-BY-SA-3.0 AND LicenseRef-Tiny-VGG-Weights"
    )
    assert metadata.license_files is not None
    texts = {
        name: next(
            archive.read(shipped).decode()
            for shipped in archive.namelist()
            if shipped.endswith(f".dist-info/licenses/{name}")
        )
        for name in metadata.license_files
    }
    for name, words in [
        ("LICENSE", "MIT License"),
        ("cnnviz/photos/SOURCES.txt", "CC0 1.0"),
        ("cnnviz/weights/LICENSE.md", "without any warranty"),
    ]:
        assert words in texts[name]
    assert "cnnviz/weights/LICENSE.md" in archive.namelist()  # and beside the weights


def test_every_photo_and_every_weights_file_has_its_terms(archive: ZipFile) -> None:
    sources = archive.read("cnnviz/photos/SOURCES.txt").decode()
    terms = archive.read("cnnviz/weights/LICENSE.md").decode()
    for name in archive.namelist():
        if name.endswith((".jpg", ".png")):
            assert Path(name).name in sources
        if name.endswith(".safetensors"):
            assert Path(name).name in terms
