"""What did not change is not rendered again, and what changed is."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from cnnviz.cache.store import Cache
from cnnviz.rendering.film import SomeFrames, record_film
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.shelf import FilmShelf


def of(scene_class):
    return lambda renderer: scene_class(renderer=renderer)


def refuse(renderer):
    raise AssertionError("the scene was made")


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def test_a_finished_film_is_written_without_making_its_scene(
    cache, stock_scene, settings, tmp_path
):
    shelf = FilmShelf(cache, {"scene": "stock"}, settings)
    assert shelf.finished() is None
    timing = record_film(of(stock_scene), settings, tmp_path / "first.mp4", shelf=shelf)
    assert shelf.finished() is None
    shelf.finish(timing, {"beats": ["ä", 1.5]})
    again = FilmShelf(cache, {"scene": "stock"}, settings)
    assert again.finished() == (timing, {"beats": ["ä", 1.5]})
    assert again.write_film(tmp_path / "second.mp4", timing)
    assert (tmp_path / "first.mp4").read_bytes() == (tmp_path / "second.mp4").read_bytes()


def test_sections_that_were_done_are_not_drawn_again(cache, map_scene, settings, tmp_path):
    class Interrupted(map_scene):
        def next_section(self, name, *args, **kwargs):
            super().next_section(name, *args, **kwargs)
            if name == "rest":
                raise KeyboardInterrupt

    shelf = FilmShelf(cache, {"scene": "maps"}, settings)
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
    same = FilmShelf(cache, {"a": 1, "b": (2, "x")}, settings)
    assert same.folder == FilmShelf(cache, {"b": (2, "x"), "a": 1}, settings).folder
    others = [
        FilmShelf(cache, {"a": 1, "b": (2, "y")}, settings),
        FilmShelf(cache, {"a": 1}, settings),
        FilmShelf(cache, {"a": 1, "b": (2, "x")}, FilmSettings(320, 180, 11)),
        FilmShelf(cache, {"a": 1, "b": (2, "x")}, FilmSettings(320, 180, 10, background="#111111")),
        FilmShelf(cache, {"a": 1, "b": (2, "x")}, FilmSettings(320, 180, 10, "small")),
    ]
    assert len({shelf.folder for shelf in (same, *others)}) == 6


def damage_nothing(folder):
    (folder / "film.json").unlink()


def lose_a_section(folder):
    (folder / "0001.mp4").unlink()


def cut_a_section(folder):
    path = folder / "0001.mp4"
    path.write_bytes(path.read_bytes()[:-100])


def change_a_section(folder):
    content = bytearray((folder / "0000.mp4").read_bytes())
    content[len(content) // 2] ^= 255
    (folder / "0000.mp4").write_bytes(content)


def cut_the_index(folder):
    (folder / "film.json").write_text("{")


def empty_everything(folder):
    for path in folder.iterdir():
        path.write_bytes(b"")


@pytest.mark.parametrize(
    "harm",
    [
        damage_nothing,
        lose_a_section,
        cut_a_section,
        change_a_section,
        cut_the_index,
        empty_everything,
    ],
)
def test_damage_is_found_and_mended(cache, red_scene, settings, tmp_path, harm):
    shelf = FilmShelf(cache, {}, settings)
    timing = record_film(of(red_scene), settings, tmp_path / "film.mp4", shelf=shelf)
    shelf.finish(timing)
    harm(shelf.folder)
    assert shelf.finished() is None
    mended = record_film(of(red_scene), settings, tmp_path / "mended.mp4", shelf=shelf)
    assert (tmp_path / "film.mp4").read_bytes() == (tmp_path / "mended.mp4").read_bytes()
    shelf.finish(mended)
    assert shelf.finished().timing == timing


def test_a_film_cleared_by_another_process_is_not_half_written(
    cache, red_scene, settings, tmp_path
):
    shelf = FilmShelf(cache, {}, settings)
    timing = record_film(of(red_scene), settings, tmp_path / "film.mp4", shelf=shelf)
    shelf.finish(timing)
    cache.clear()
    assert not shelf.write_film(tmp_path / "again.mp4", timing)
    assert not (tmp_path / "again.mp4").exists()


def test_a_cache_that_cannot_be_written_does_not_stop_a_film(red_scene, settings, tmp_path):
    (tmp_path / "file").write_text("")
    shelf = FilmShelf(Cache(tmp_path / "file" / "cache"), {}, settings)
    timing = record_film(of(red_scene), settings, tmp_path / "film.mp4", shelf=shelf)
    shelf.finish(timing)
    assert shelf.finished() is None
    assert (tmp_path / "film.mp4").stat().st_size


def test_several_at_once_neither_fail_nor_spoil_anything(cache, red_scene, settings, tmp_path):
    shelf = FilmShelf(cache, {}, settings)
    timing = record_film(of(red_scene), settings, tmp_path / "film.mp4", shelf=shelf)
    source = tmp_path / "source"
    source.mkdir()
    shelf.fetch(source)

    def use(number):
        for turn in range(10):
            shelf.keep(source)
            shelf.finish(timing)
            film = shelf.finished()
            output = tmp_path / f"{number}-{turn}.mp4"
            if film and shelf.write_film(output, film.timing):
                assert output.read_bytes() == (tmp_path / "film.mp4").read_bytes()
            if number == 0:
                cache.clear()

    with ThreadPoolExecutor(4) as executor:
        list(executor.map(use, range(4)))
