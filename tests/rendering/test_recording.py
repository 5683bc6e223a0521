"""Several processes make the same film as one."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.cache.store import Cache, Kind
from cnnviz.rendering.film import RecordOptions, SomeFrames, record_film, stills
from cnnviz.rendering.film_cache import FilmCache
from cnnviz.rendering.recording import balanced
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.timing import FilmTiming, SectionTiming
from cnnviz.rendering.worker_pool import default_jobs


def of(scene_class):
    return lambda renderer: scene_class(renderer=renderer)


def timing_of(counts):
    starts = [sum(counts[:index]) for index in range(len(counts))]
    return FilmTiming(
        30, tuple(SectionTiming("s", *each) for each in zip(starts, counts, strict=True))
    )


@given(st.lists(st.integers(1, 500), min_size=1, max_size=12), st.integers(1, 5))
def test_shares_are_complete_and_even(counts, jobs):
    shares = balanced(range(len(counts)), timing_of(counts), jobs)
    assert sorted(chain(*shares)) == list(range(len(counts)))
    assert 1 <= len(shares) <= jobs
    sizes = [sum(counts[section] for section in share) for share in shares]
    assert max(sizes) <= sum(counts) / jobs + max(counts)


def test_the_number_of_jobs_does_not_change_the_film(stock_scene, settings, tmp_path):
    one, two = tmp_path / "one.mp4", tmp_path / "two.mp4"
    seen = []
    expected = record_film(of(stock_scene), settings, one)
    with ThreadPoolExecutor(1) as executor:  # one thread: Manim's configuration is global
        how = RecordOptions(seen.append, jobs=2, executor=executor)
        timing = record_film(of(stock_scene), settings, two, how)
    assert timing == expected
    assert seen[-1] == timing.frame_count
    assert seen == sorted(seen)
    assert one.read_bytes() == two.read_bytes()


def test_only_what_is_missing_is_shared_out(map_scene, settings, tmp_path):
    cache = Cache(tmp_path / "cache")
    film_cache = FilmCache(cache, {}, settings)
    timing = record_film(of(map_scene), settings, tmp_path / "one.mp4", film_cache=film_cache)
    missing, kept, *_ = (each.path for each in cache.entries() if each.kind is Kind.SECTION)
    missing.unlink()
    inode = kept.stat().st_ino
    pictures = SomeFrames([timing.frame_count - 1])
    with ThreadPoolExecutor(1) as executor:
        record_film(
            of(map_scene),
            settings,
            tmp_path / "two.mp4",
            RecordOptions(jobs=3, executor=executor),
            film_cache=film_cache,
            pictures=pictures,
        )
    assert missing.is_file()
    assert kept.stat().st_ino == inode  # not written again
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()
    last = stills(of(map_scene), settings, pictures.frames)[0]
    assert (pictures.pictures[timing.frame_count - 1] == last).all()


def test_an_error_in_one_process_is_the_films(settings, tmp_path, stock_scene):
    class Broken(stock_scene):
        calls = 0

        def tear_down(self):
            Broken.calls += 1
            if Broken.calls > 1:  # the first time the film is measured
                raise ZeroDivisionError

    with ThreadPoolExecutor(1) as executor:
        how = RecordOptions(jobs=2, executor=executor)
        with pytest.raises(ZeroDivisionError):
            record_film(of(Broken), settings, tmp_path / "film.mp4", how)
    assert not list(tmp_path.iterdir())


def test_this_machine_has_at_least_one_job():
    assert 1 <= default_jobs() <= (os.cpu_count() or 1)


MODULE = """
from manim import RIGHT, Create, FadeIn, Scene, Square

class Sections(Scene):
    def construct(self):
        square = Square()
        for number in range(3):
            self.next_section(f"section {number}")
            self.play(square.animate.shift(number * RIGHT), run_time=0.5)
            self.wait(0.5)

def make(renderer):
    return Sections(renderer=renderer)
"""

SCRIPT = """
from pathlib import Path
import somescene
from cnnviz.rendering.film import RecordOptions, record_film
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.film_cache import FilmCache

settings = FilmSettings(160, 90, 10)
print(record_film(somescene.make, settings, Path("two.mp4"), RecordOptions(jobs=2)).frame_count)
"""


@pytest.mark.slow
def test_real_processes_do_not_run_the_script_again(tmp_path, monkeypatch):
    (tmp_path / "somescene.py").write_text(MODULE)
    (tmp_path / "script.py").write_text(SCRIPT)
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(tmp_path)])}
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["30"]
    monkeypatch.syspath_prepend(tmp_path)
    make = import_module("somescene").make
    record_film(make, FilmSettings(160, 90, 10), tmp_path / "one.mp4")
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()
