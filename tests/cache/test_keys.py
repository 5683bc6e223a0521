"""Equal content has equal keys, and only equal content."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.cache.keys import digest
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
