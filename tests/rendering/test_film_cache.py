"""What did not change is not rendered again, and what changed is."""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cnnviz.cache.store import Cache, Kind
from cnnviz.rendering import film_cache as film_cache_module
from cnnviz.rendering.film import RecordOptions, SomeFrames, measure_film, record_film
from cnnviz.rendering.film_cache import FilmCache
from cnnviz.rendering.settings import FilmSettings


def of(scene_class):
    return lambda renderer: scene_class(renderer=renderer)


def refuse(renderer):
    raise AssertionError("the scene was made")


def wait_for_section(folder):
    """Return when the encoder, which lags behind, has completed a section's file."""
    for _ in range(2000):
        if any(folder.rglob("[0-9]*.section")):
            return
        time.sleep(0.01)
    raise AssertionError("no section was completed")


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def test_a_finished_film_is_written_without_making_its_scene(
    cache, stock_scene, settings, tmp_path
):
    film_cache = FilmCache(cache, {"scene": "stock"}, settings)
    assert film_cache.finished() is None
    timing = record_film(of(stock_scene), settings, tmp_path / "first.mp4", film_cache=film_cache)
    assert film_cache.finished() is None
    film_cache.finish(timing, {"beats": ["ä", 1.5]})
    again = FilmCache(cache, {"scene": "stock"}, settings)
    assert again.finished() == (timing, {"beats": ["ä", 1.5]})
    assert again.write_film(tmp_path / "second.mp4", timing, settings)
    assert (tmp_path / "first.mp4").read_bytes() == (tmp_path / "second.mp4").read_bytes()


class StoppingCache(Cache):
    """A process that is killed as soon as a section was kept."""

    def put(self, kind, key, content):
        super().put(kind, key, content)
        if kind is Kind.SECTION:
            raise KeyboardInterrupt


def test_a_section_that_was_kept_last_is_of_use(stock_scene, settings, tmp_path):
    dying = FilmCache(StoppingCache(tmp_path / "cache"), {"scene": "stock"}, settings)
    with pytest.raises(KeyboardInterrupt):
        record_film(of(stock_scene), settings, tmp_path / "film.mp4", film_cache=dying)
    alive = FilmCache(Cache(tmp_path / "cache"), {"scene": "stock"}, settings)
    (tmp_path / "again").mkdir()
    assert alive.fetch(tmp_path / "again", [0]) == [0]


def test_sections_that_were_done_are_not_drawn_again(
    cache, map_scene, settings, tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    class Interrupted(map_scene):
        def next_section(self, name, *args, **kwargs):
            super().next_section(name, *args, **kwargs)
            if name == "rest":
                wait_for_section(tmp_path)
                raise KeyboardInterrupt

    whole = record_film(of(map_scene), settings, tmp_path / "whole.mp4")
    film_cache = FilmCache(cache, {"scene": "maps"}, settings)
    with pytest.raises(KeyboardInterrupt):
        record_film(
            of(Interrupted), settings, tmp_path / "film.mp4", film_cache=film_cache, timing=whole
        )
    kinds = [entry.kind for entry in cache.entries()]
    assert kinds.count(Kind.SECTION) == 1  # the second was not complete
    pictures = SomeFrames([3, whole.frame_count - 1])
    resumed = record_film(
        of(map_scene), settings, tmp_path / "film.mp4", film_cache=film_cache, pictures=pictures
    )
    assert resumed == whole
    assert (tmp_path / "film.mp4").read_bytes() == (tmp_path / "whole.mp4").read_bytes()
    assert sorted(pictures.pictures) == pictures.frames


def test_sections_are_kept_while_others_are_drawn_so_that_a_killed_process_leaves_them(
    cache, map_scene, settings, tmp_path, monkeypatch
):
    monkeypatch.setattr(film_cache_module, "KEEPING_INTERVAL", 0.0)
    film_cache = FilmCache(cache, {"scene": "maps"}, settings)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    first = measure_film(of(map_scene), settings).sections[0].frame_count
    kept = []

    def note(frame):
        if frame > first + 1:
            wait_for_section(tmp_path)
        kept.append(len(cache.entries()))

    options = RecordOptions(on_frame=note)
    timing = record_film(
        of(map_scene), settings, tmp_path / "film.mp4", options, film_cache=film_cache
    )
    assert kept[first - 1] == 0
    assert kept[-1] >= 1
    sections = [entry for entry in cache.entries() if entry.kind is Kind.SECTION]
    assert len(sections) == len(timing.sections)


def test_another_film_has_another_place(cache, settings):
    same = FilmCache(cache, {"a": 1, "b": (2, "x")}, settings)
    assert same.key == FilmCache(cache, {"b": (2, "x"), "a": 1}, settings).key
    others = [
        FilmCache(cache, {"a": 1, "b": (2, "y")}, settings),
        FilmCache(cache, {"a": 1}, settings),
        FilmCache(cache, {"a": 1, "b": (2, "x")}, FilmSettings(320, 180, 11)),
        FilmCache(cache, {"a": 1, "b": (2, "x")}, FilmSettings(320, 180, 10, background="#111111")),
        FilmCache(cache, {"a": 1, "b": (2, "x")}, FilmSettings(320, 180, 10, "small")),
    ]
    assert len({film_cache.key for film_cache in (same, *others)}) == 6


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


HARMS = {
    "flip": lambda whole, other: whole[:-1] + bytes([whole[-1] ^ 1]),
    "cut": lambda whole, other: whole[:-1],
    "empty": lambda whole, other: b"",
    "take another's": lambda whole, other: other,
    "lose": lambda whole, other: None,
}
"""What can become of a file's content, given that of another of its kind."""


DRAWN = (Kind.FILM, Kind.SECTION, Kind.COMPANION)


def harm_files(cache, kinds, harm):
    contents = {e.path: e.path.read_bytes() for e in cache.entries() if e.kind in kinds}
    for path, whole in contents.items():
        other = next(
            content
            for other, content in contents.items()
            if other != path and other.parent == path.parent
        )
        harmed = harm(whole, other)
        if harmed is None:
            path.unlink()
        else:
            path.write_bytes(harmed)


@pytest.mark.parametrize(
    ("kinds", "harm"),
    [
        *((list(Kind), harm) for harm in HARMS.values()),
        *(([kind], HARMS[name]) for kind in DRAWN for name in ("flip", "lose")),
    ],
)
def test_damage_is_found_and_mended(cache, red_scene, settings, tmp_path, harm, kinds):
    another = FilmCache(cache, {"film": 2}, settings)
    film_cache = FilmCache(cache, {"film": 1}, settings)
    poster, copied = tmp_path / "poster.png", tmp_path / "copied.png"
    poster.write_bytes(b"a poster")
    timing = record_film(of(red_scene), settings, tmp_path / "film.mp4", film_cache=film_cache)
    another.add(tmp_path / "film.mp4", "poster.png")
    another.finish(timing, ["of another film"])

    def finish():
        film_cache.add(poster, "poster.png")
        film_cache.finish(timing, ["notes"])

    def is_there():
        """Return whether all of the film is; what is must be true."""
        film = film_cache.finished()
        assert film in (None, (timing, ["notes"]))
        has_poster = film_cache.fetch_added("poster.png", copied)
        assert not has_poster or copied.read_bytes() == b"a poster"
        output = tmp_path / "again.mp4"
        has_film = film_cache.write_film(output, timing, settings)
        assert not has_film or output.read_bytes() == (tmp_path / "film.mp4").read_bytes()
        return bool(film and has_poster and has_film)

    finish()
    assert is_there()
    harm_files(cache, kinds, harm)
    assert not is_there()
    record_film(of(red_scene), settings, tmp_path / "mended.mp4", film_cache=film_cache)
    assert (tmp_path / "film.mp4").read_bytes() == (tmp_path / "mended.mp4").read_bytes()
    finish()
    assert is_there()


def test_a_damaged_section_is_not_taken_over_by_another_film(cache, red_scene, settings, tmp_path):
    film_cache = FilmCache(cache, {"film": 1}, settings)
    timing = record_film(of(red_scene), settings, tmp_path / "film.mp4", film_cache=film_cache)
    materials = [section.name for section in timing.sections]
    for number in (2, 3, 4):
        film_cache = FilmCache(cache, {"film": number}, settings)
        film_cache.name_sections(materials)
        if number == 4:
            for entry in cache.entries():
                flip(entry.path)
        record_film(of(red_scene), settings, tmp_path / f"{number}.mp4", film_cache=film_cache)
        assert (tmp_path / f"{number}.mp4").read_bytes() == (tmp_path / "film.mp4").read_bytes()


def test_films_share_sections_that_are_made_of_the_same(cache, map_scene, settings, tmp_path):
    one = FilmCache(cache, {"film": 1}, settings, shared={"trace": 5})
    one.name_sections(["a", "b", "c"])
    timing = record_film(of(map_scene), settings, tmp_path / "one.mp4", film_cache=one)
    assert len(timing.sections) == 3
    two = FilmCache(cache, {"film": 2}, settings, shared={"trace": 5})
    two.name_sections(["a", "x", "c"])
    folder = tmp_path / "two"
    folder.mkdir()
    assert two.fetch(folder, range(3)) == [0, 2]
    other = FilmCache(cache, {"film": 2}, settings, shared={"trace": 6})
    other.name_sections(["a", "b", "c"])
    assert other.fetch(folder, range(3)) == []


def test_a_film_cleared_by_another_process_is_not_half_written(
    cache, red_scene, settings, tmp_path
):
    film_cache = FilmCache(cache, {}, settings)
    timing = record_film(of(red_scene), settings, tmp_path / "film.mp4", film_cache=film_cache)
    film_cache.finish(timing)
    cache.clear()
    assert not film_cache.write_film(tmp_path / "again.mp4", timing, settings)
    assert not (tmp_path / "again.mp4").exists()


def test_a_cache_that_cannot_be_written_does_not_stop_a_film(red_scene, settings, tmp_path):
    (tmp_path / "file").write_text("")
    film_cache = FilmCache(Cache(tmp_path / "file" / "cache"), {}, settings)
    timing = record_film(of(red_scene), settings, tmp_path / "film.mp4", film_cache=film_cache)
    film_cache.finish(timing)
    assert film_cache.finished() is None
    assert (tmp_path / "film.mp4").stat().st_size


def test_several_at_once_neither_fail_nor_spoil_anything(cache, red_scene, settings, tmp_path):
    film_cache = FilmCache(cache, {}, settings)
    timing = record_film(of(red_scene), settings, tmp_path / "film.mp4", film_cache=film_cache)
    source = tmp_path / "source"
    source.mkdir()
    assert film_cache.fetch(source, range(len(timing.sections)))

    def use(number):
        film_cache = FilmCache(cache, {}, settings)
        for turn in range(10):
            film_cache.keep(source)
            film_cache.finish(timing)
            film = film_cache.finished()
            output = tmp_path / f"{number}-{turn}.mp4"
            if film and film_cache.write_film(output, film.timing, settings):
                assert output.read_bytes() == (tmp_path / "film.mp4").read_bytes()
            if number == 0:
                cache.clear()

    with ThreadPoolExecutor(4) as executor:
        list(executor.map(use, range(4)))
