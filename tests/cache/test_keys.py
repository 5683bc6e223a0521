"""Equal content has equal keys, and only equal content."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnnviz
from cnnviz.cache.keys import code_version, digest, files_below
from cnnviz.style.theme import dark_theme, light_theme


@dataclass(frozen=True)
class Parameters:
    layer: str
    weights: np.ndarray


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(json_values, json_values)
def test_equal_material_and_only_that_has_equal_digests(one, other):
    assert (digest(one) == digest(other)) == (repr(_sorted(one)) == repr(_sorted(other)))


def _sorted(value):
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def test_arrays_count_by_content_shape_and_type(tmp_path):
    base = Parameters("conv_1_1", np.arange(6, dtype=np.float32))
    same = Parameters("conv_1_1", np.arange(6, dtype=np.float32))
    assert digest(base) == digest(same)
    for other in (
        np.arange(6, dtype=np.float64),
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.arange(1, 7, dtype=np.float32),
    ):
        assert digest(Parameters("conv_1_1", other)) != digest(base)
    assert digest(b"a") != digest(b"b")
    assert digest(tmp_path) == digest(str(tmp_path))
    assert digest(np.float32(0.5)) == digest(0.5)


def test_themes_count():
    assert digest(dark_theme()) == digest(dark_theme()) != digest(light_theme())


def test_what_has_no_plain_form_is_refused():
    with pytest.raises(TypeError, match="a object cannot be part"):
        digest({"scene": object()})


def test_the_code_counts(tmp_path, monkeypatch):
    package = tmp_path / "somepackage"
    (package / "inner").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "inner" / "same.py").write_text("")
    (package / "same.py").write_text("")
    (package / "colours.toml").write_text("red = 1")
    (tmp_path / "somemodule.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    versions = [code_version(), code_version("somepackage"), code_version("somemodule")]
    assert code_version("somepackage") == versions[1]
    for path in (
        package / "colours.toml",
        package / "same.py",
        package / "inner" / "same.py",
    ):
        path.write_text("red = 2")
        versions.append(code_version("somepackage"))
    (tmp_path / "somemodule.py").write_text("x = 1")
    versions.append(code_version("somemodule"))
    assert len(set(versions)) == len(versions)
    assert code_version("nowhere_at_all") == versions[0]


def test_libraries_count(monkeypatch):
    before = code_version()
    monkeypatch.setattr("cnnviz.cache.keys.version", lambda name: "0.0")
    assert code_version() != before


def test_a_linked_folder_of_a_package_counts_like_a_real_one(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    package, part = tmp_path / "linkedpackage", tmp_path / "part"
    package.mkdir()
    (package / "__init__.py").write_text("")
    without = code_version("linkedpackage")

    part.mkdir()
    (part / "words.toml").write_text("a = 1")
    (package / "part").symlink_to(part)
    (package / "round").symlink_to(package)  # a circle ends, and counts nothing twice
    linked = code_version("linkedpackage")
    (package / "part").unlink()
    (package / "round").unlink()
    part.rename(package / "part")
    assert linked == code_version("linkedpackage") != without


def test_the_scenes_count():
    folder = Path(cnnviz.__file__).parent
    names = {path.relative_to(folder).as_posix() for path in files_below(folder)}
    assert {"staging/scene.py", "scenes/conv/scene.py", "scenes/conv/en.toml"} <= names
