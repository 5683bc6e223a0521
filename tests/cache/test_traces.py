"""The network's look at a file: the same as in this process, once."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz.cache import traces
from cnnviz.cache.store import Cache
from cnnviz.cache.traces import tracing_files
from cnnviz.errors import UserError
from cnnviz.model.trace_file import trace_bytes, trace_from_bytes
from cnnviz.network import load_network, trace
from cnnviz.system import processes

WHITE = (255, 255, 255)


@pytest.fixture
def _real_processes(monkeypatch):
    """Start processes for the network, unlike all other tests: each imports torch."""
    monkeypatch.setattr(traces, "start_process", processes.start_process)
    monkeypatch.setattr(traces, "end_process", processes.end_process)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Two pictures of noise."""
    folder = tmp_path_factory.mktemp("pictures")
    for seed in range(2):
        pixels = np.random.default_rng(seed).integers(0, 255, (40, 50, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{seed}.png")
    return [folder / f"{seed}.png" for seed in range(2)]


@pytest.fixture(scope="module")
def known(pictures, small_weights, tmp_path_factory):
    """A cache that holds what the network sees in both pictures."""
    cache = Cache(tmp_path_factory.mktemp("known") / "cache")
    with tracing_files(pictures, small_weights, None, WHITE, cache) as looks:
        for look in looks:
            look.trace()
    return cache


@pytest.fixture
def cache(known, tmp_path):
    """A copy of that cache."""
    shutil.copytree(known.folder.parent, tmp_path / "cache")
    return Cache(tmp_path / "cache")


@pytest.fixture
def picture(pictures, tmp_path):
    """A copy of the first picture."""
    return Path(shutil.copy(pictures[0], tmp_path / "picture.png"))


def assert_same(one, other):
    assert one.architecture == other.architecture
    assert np.array_equal(one.photo, other.photo)
    for mine, theirs in zip(one.layers, other.layers, strict=True):
        for name in ("input", "output", "weight", "bias"):
            assert np.array_equal(getattr(mine, name), getattr(theirs, name)), (mine.name, name)
    for name in ("picture", "logits", "probabilities"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert not one.layers[-1].output.flags.writeable


def test_a_trace_survives_its_file(small_network, picture):
    original = trace(picture, small_network)
    assert_same(trace_from_bytes(trace_bytes(original)), original)


@pytest.mark.usefixtures("_real_processes")
def test_a_look_is_taken_once(small_weights, picture, tmp_path, monkeypatch):
    cache = Cache(tmp_path / "cache")
    asked = ([picture], small_weights, (2, 3, 30, 30), (1, 2, 3), cache)
    with tracing_files(*asked) as (look,):
        assert not look.is_ready
        first = look.trace()
    assert_same(first, trace(picture, load_network(small_weights), (2, 3, 30, 30), (1, 2, 3)))
    monkeypatch.setattr(subprocess, "Popen", None)
    with tracing_files(*asked) as (look,):
        assert look.is_ready
        assert_same(look.trace(), first)


def test_whatever_changes_the_look_changes_its_place(small_weights, pictures, picture, cache):
    with tracing_files([picture], small_weights, None, WHITE, cache) as (look,):
        assert look.is_ready  # wherever the picture lies
    Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(other := picture.with_name("other.png"))
    looks = [
        ([pictures[0]], small_weights, (0, 0, 20, 20), WHITE),
        ([pictures[0]], small_weights, None, (0, 0, 0)),
        ([pictures[0]], None, None, WHITE),
        ([other], small_weights, None, WHITE),
    ]
    for asked in looks:
        with tracing_files(*asked, cache) as (look,):
            assert not look.is_ready


def test_a_damaged_entry_is_made_again(small_weights, picture, cache):
    asked = ([picture], small_weights, None, WHITE, cache)
    with tracing_files(*asked) as (look,):
        expected = look.trace()
    (path,) = (
        entry.path for entry in cache.entries() if trace_bytes(expected) in entry.path.read_bytes()
    )
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[-1] ^= 128  # the sign of the last number
    for content in (whole[:-9], b"", b"nonsense", whole[81:], flipped):
        path.write_bytes(content)
        with tracing_files(*asked) as (look,):
            assert not look.is_ready
            if content is flipped:  # the network takes its time
                assert_same(look.trace(), expected)
    assert path.read_bytes() == whole


def test_a_trace_under_another_key_is_damaged(small_weights, pictures, cache):
    one, other = (entry.path for entry in cache.entries())
    other.write_bytes(one.read_bytes())
    with tracing_files(pictures, small_weights, None, WHITE, cache) as looks:
        assert sorted(look.is_ready for look in looks) == [False, True]


@pytest.mark.usefixtures("_real_processes")
def test_a_picture_that_changes_meanwhile_is_not_kept_for_the_old_one(
    small_weights, picture, tmp_path
):
    cache = Cache(tmp_path / "cache")
    old = picture.read_bytes()
    with tracing_files([picture], small_weights, None, WHITE, cache) as (look,):
        Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(picture)
        look.trace()
    picture.write_bytes(old)
    with tracing_files([picture], small_weights, None, WHITE, cache) as (look,):
        assert not look.is_ready


@pytest.mark.parametrize(
    ("which", "kind"),
    [("picture", "pipe"), ("picture", "folder"), ("weights", "pipe"), ("weights", "device")],
)
def test_only_ordinary_files_are_read(small_weights, picture, tmp_path, which, kind):
    pipe, device = tmp_path / "pipe", Path("/dev/zero")
    os.mkfifo(pipe)
    given = {"picture": picture, "weights": small_weights}
    given[which] = {"pipe": pipe, "device": device, "folder": tmp_path}[kind]
    with (
        tracing_files(
            [given["picture"]], given["weights"], None, WHITE, Cache(tmp_path / "cache")
        ) as (look,),
        pytest.raises(UserError, match=r"not an ordinary file|is a folder"),
    ):
        look.trace()


def test_a_file_too_large_for_a_picture_is_not_read_for_its_key(small_weights, tmp_path):
    huge = tmp_path / "huge.png"
    with huge.open("wb") as file:
        file.truncate(10 * 2**40)
    with (
        tracing_files([huge], small_weights, None, WHITE, Cache(tmp_path / "cache")) as (look,),
        pytest.raises(UserError, match=r"huge\.png"),
    ):
        look.trace()


def test_what_the_user_can_mend_is_said_in_one_line(small_weights, tmp_path):
    with (
        tracing_files([tmp_path / "none.png"], small_weights, None, WHITE, None) as (look,),
        pytest.raises(UserError, match=r"none\.png"),
    ):
        look.trace()


@pytest.mark.usefixtures("_real_processes")
def test_other_faults_keep_their_traceback(picture, small_weights):
    with (
        tracing_files([picture], small_weights, None, ("x", "y", "z"), None) as (look,),
        pytest.raises(RuntimeError, match="Traceback"),
    ):
        look.trace()


@pytest.mark.usefixtures("_real_processes")
def test_a_look_that_nobody_waits_for_ends(picture, small_weights):
    with tracing_files([picture], small_weights, None, WHITE, None) as (look,):
        pass
    assert look._process._popen.returncode is not None


@pytest.mark.usefixtures("_real_processes")
def test_one_process_looks_at_several(small_weights, picture, tmp_path, cache, monkeypatch):
    paths = [tmp_path / "dark.png", picture, tmp_path / "bright.png"]
    for shade, path in ((0, paths[0]), (200, paths[2])):
        Image.fromarray(np.full((40, 40, 3), shade, np.uint8)).save(path)
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *args, **kwargs: started.append(1) or popen(*args, **kwargs)
    )
    with tracing_files(paths, small_weights, None, WHITE, cache) as looks:
        assert [look.is_ready for look in looks] == [False, True, False]
        traces = [look.trace() for look in looks]
    assert len(started) == 1
    for path, found in zip(paths, traces, strict=True):
        assert_same(found, trace(path, load_network(small_weights)))


def test_of_several_pictures_a_bad_one_is_named(picture, small_weights, tmp_path):
    (tmp_path / "bad.png").write_text("no picture")
    pictures = [picture, tmp_path / "bad.png", picture]
    with tracing_files(pictures, small_weights, None, WHITE, None) as looks:
        looks[0].trace()
        looks[2].trace()
        with pytest.raises(UserError, match=r"bad\.png"):
            looks[1].trace()


@pytest.mark.usefixtures("_real_processes")
def test_a_thousand_pictures_with_long_paths_are_one_call(small_weights, pictures, tmp_path):
    folder = tmp_path.joinpath(*["f" * 200] * 14)  # all together are longer than a command may be
    folder.mkdir(parents=True)
    many = [folder / f"{number}.png" for number in range(1100)]
    for path in many:
        os.link(pictures[0], path)
    with tracing_files(many, small_weights, None, WHITE, None) as looks:
        assert len(looks) == len(many)
        assert looks[0].trace().logits.ndim == 1
