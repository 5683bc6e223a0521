"""What can be said about a scene without importing it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cnnviz.cache.store import Cache
from cnnviz.errors import UserError
from cnnviz.staging.registry import (
    SceneDescription,
    describe_scene,
    load_scene,
    scene_module,
    scene_names,
)


@pytest.mark.parametrize("name", scene_names())
def test_a_description_says_what_the_class_says(name: str, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    expected = SceneDescription.of(load_scene(name))
    assert describe_scene(name, cache) == expected
    assert describe_scene(name, cache) == expected
    assert SceneDescription.from_json(expected.to_json()) == expected
    (entry,) = cache.entries()
    for damaged in ("null", "{", ""):
        entry.path.write_text(damaged)
        assert describe_scene(name, cache) == expected


def test_a_known_scene_is_described_without_manim(tmp_path: Path) -> None:
    describe_scene("conv", Cache(tmp_path))
    code = (
        "import sys; from pathlib import Path; from cnnviz.cache.store import Cache;"
        "from cnnviz.staging.registry import describe_scene;"
        "print(describe_scene('conv', Cache(Path(sys.argv[1]))).name, 'manim' in sys.modules)"
    )
    call = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert done.stdout == "conv False\n"


def test_modules_are_found_without_importing() -> None:
    assert scene_module("conv") == "cnnviz.scenes.conv.scene"
    with pytest.raises(UserError, match='no scene "nothing"'):
        scene_module("nothing")
