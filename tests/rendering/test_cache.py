"""What did not change is not rendered again, and what changed is."""

import os
import time
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.rendering.cache import OLD_WORK, RenderCache, code_version, default_folder, digest
from cnnviz.rendering.film import SomeFrames, record_film
from cnnviz.rendering.settings import FilmSettings


def of(scene_class):
    return lambda renderer: scene_class(renderer=renderer)


def refuse(renderer):
    raise AssertionError("the scene was made")


@dataclass(frozen=True)
class Parameters:
    layer: str
    weights: np.ndarray


@pytest.fixture
def cache(tmp_path):
    return RenderCache(tmp_path / "cache")


def test_a_finished_film_is_written_without_making_its_scene(
    cache, stock_scene, settings, tmp_path
):
    shelf = cache.film({"scene": "stock"}, settings)
    assert shelf.write_film(tmp_path / "none.mp4") is None
    assert not (tmp_path / "none.mp4").exists()
    timing = record_film(of(stock_scene), settings, tmp_path / "first.mp4", shelf=shelf)
    shelf.finish(timing, {"beats": ["ä", 1.5]})
    again = cache.film({"scene": "stock"}, settings).write_film(tmp_path / "second.mp4")
    assert again.timing == timing
    assert again.notes == {"beats": ["ä", 1.5]}
    assert (tmp_path / "first.mp4").read_bytes() == (tmp_path / "second.mp4").read_bytes()


def test_sections_that_were_done_are_not_drawn_again(cache, map_scene, settings, tmp_path):
    class Interrupted(map_scene):
        def next_section(self, name, *args, **kwargs):
            super().next_section(name, *args, **kwargs)
            if name == "rest":
                raise KeyboardInterrupt

    shelf = cache.film({"scene": "maps"}, settings)
    with pytest.raises(KeyboardInterrupt):
        record_film(of(Interrupted), settings, tmp_path / "film.mp4", shelf=shelf)
    assert len(list(shelf.folder.glob("*.mp4"))) == 1  # the second was not complete
    whole = record_film(of(map_scene), settings, tmp_path / "whole.mp4")
    pictures = SomeFrames([3, whole.frame_count - 1])
    resumed = record_film(
        of(map_scene), settings, tmp_path / "film.mp4", shelf=shelf, pictures=pictures
    )
    assert resumed == whole
    assert (tmp_path / "film.mp4").read_bytes() == (tmp_path / "whole.mp4").read_bytes()
    assert sorted(pictures.pictures) == pictures.frames


def test_another_film_has_another_place(cache, settings):
    same = cache.film({"a": 1, "b": (2, "x")}, settings)
    assert same.folder == cache.film({"b": (2, "x"), "a": 1}, settings).folder
    others = [
        cache.film({"a": 1, "b": (2, "y")}, settings),
        cache.film({"a": 1}, settings),
        cache.film({"a": 1, "b": (2, "x")}, FilmSettings(320, 180, 11)),
        cache.film({"a": 1, "b": (2, "x")}, FilmSettings(320, 180, 10, background="#111111")),
        cache.film({"a": 1, "b": (2, "x")}, FilmSettings(320, 180, 10, "small")),
    ]
    assert len({shelf.folder for shelf in (same, *others)}) == 6


def test_incomplete_and_damaged_entries_do_not_count(cache, red_scene, settings, tmp_path):
    shelf = cache.film({}, settings)
    timing = record_film(of(red_scene), settings, tmp_path / "film.mp4", shelf=shelf)
    assert shelf.finished() is None
    shelf.finish(timing)
    assert shelf.finished().timing == timing
    (shelf.folder / "0001.mp4").unlink()
    assert shelf.finished() is None
    (shelf.folder / "film.json").write_text("{")
    assert shelf.finished() is None


def test_the_films_used_last_stay_when_room_gets_short(tmp_path, settings):
    cache = RenderCache(tmp_path, limit=2500)
    for age, name in ((30, "old"), (20, "older but used"), (10, "new")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "0000.mp4").write_bytes(bytes(1000))
        os.utime(folder, (time.time() - age,) * 2)
    os.utime(tmp_path / "older but used")
    with cache.work_folder() as work:
        (work / "0000.mp4.part").write_bytes(bytes(5000))
    assert {path.name for path in tmp_path.iterdir()} == {"older but used", "new"}
    assert cache.size() == 2000
    assert cache.clear() == 2000
    assert cache.films() == []


def test_work_left_by_a_killed_process_goes(tmp_path):
    left, current = tmp_path / "work-left", tmp_path / "work-current"
    left.mkdir()
    current.mkdir()
    os.utime(left, (time.time() - OLD_WORK - 9,) * 2)
    with RenderCache(tmp_path).work_folder():
        pass
    assert list(tmp_path.iterdir()) == [current]


def test_nothing_there_is_empty(cache):
    assert cache.size() == cache.clear() == 0


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


def test_what_has_no_plain_form_is_refused():
    with pytest.raises(TypeError, match="a object cannot be part"):
        digest({"scene": object()})


def test_the_code_counts(tmp_path, monkeypatch):
    package = tmp_path / "somepackage"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "colours.toml").write_text("red = 1")
    monkeypatch.syspath_prepend(tmp_path)
    before = code_version(["somepackage"])
    assert code_version(["somepackage"]) == before
    (package / "colours.toml").write_text("red = 2")
    assert code_version(["somepackage"]) != before


def test_the_cache_lies_where_the_user_wants_caches(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "cnnviz" / "films"
