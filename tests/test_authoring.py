"""One import is enough to write a scene."""

from __future__ import annotations

import pytest

from cnnviz import authoring


@pytest.mark.parametrize("name", authoring.__all__)
def test_every_name_is_explained(name: str) -> None:
    assert getattr(authoring, name).__doc__
    assert authoring.__doc__ is not None
    assert f"`{name}`" in authoring.__doc__
