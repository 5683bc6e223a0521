"""The cache stays bounded, gives only what was put there, and touches nothing of others'."""

import errno
import logging
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.cache.records import sealed
from cnnviz.cache.store import Cache, Kind
from cnnviz.errors import UserError
from cnnviz.system.atomic_write import atomic_write
from cnnviz.system.scratch import LOCK, SIGNATURE

KEY, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "place")


@pytest.fixture
def logged(caplog, monkeypatch):
    """What is logged, also where a command has been run in this process before."""
    monkeypatch.setattr(logging.getLogger("cnnviz"), "propagate", True)
    caplog.set_level(logging.INFO, "cnnviz")
    return caplog


def key(number):
    return f"{number:032x}"


def aged(path, seconds):
    os.utime(path, (time.time() - seconds,) * 2)


def everything_in(folder):
    """Return all that is in a folder, links not followed."""
    return {
        path: os.readlink(path) if path.is_symlink() else path.is_file() and path.read_bytes()
        for path in folder.rglob("*")
    }


def test_what_was_put_there_is_there(cache):
    assert cache.get(Kind.FILM, KEY) is None
    for content in (b"content", b"", bytes(10**6)):
        cache.put(Kind.FILM, KEY, content)
        assert cache.get(Kind.FILM, KEY) == content
        assert Cache(cache.folder.parent).get(Kind.FILM, KEY) == content
    assert cache.get(Kind.TRACE, KEY) is cache.get(Kind.FILM, OTHER) is None


def test_a_cache_never_outgrows_its_limit_by_much_while_it_is_filled(tmp_path):
    cache, largest = Cache(tmp_path, limit=100_000), 0
    for number in range(200):
        cache.put(Kind.SECTION, key(number), bytes(2000))
        largest = max(largest, cache.size())
    assert largest < 110_000
    assert cache.get(Kind.SECTION, key(199)) == bytes(2000)
    assert cache.get(Kind.SECTION, key(0)) is None


def test_the_entries_used_last_stay_when_room_gets_short(tmp_path):
    cache, roomy = Cache(tmp_path, limit=2500), Cache(tmp_path)
    for kind, number, age in (
        (Kind.FILM, 1, 30),
        (Kind.FILM, 2, 20),
        (Kind.SECTION, 3, 10),
        (Kind.TRACE, 4, 40),
    ):
        roomy.put(kind, key(number), bytes(1000))
        aged(cache.folder / kind / key(number), age)
    assert [entry.path.name for entry in cache.entries()] == [key(4), key(1), key(2), key(3)]
    assert cache.get(Kind.FILM, key(1))
    cache.prune()
    assert [entry.path.name for entry in cache.entries()] == [key(3), key(1)]
    size = cache.size()
    assert 2000 < size < 2500
    assert cache.clear() == size
    assert cache.entries() == []


def test_what_a_killed_process_was_writing_goes(cache):
    cache.put(Kind.FILM, KEY, b"")
    folder = cache.folder / Kind.FILM
    writing = atomic_write(folder / OTHER)
    with writing as unfinished:
        unfinished.write_bytes(sealed(Kind.FILM, OTHER, b"whole"))
        cache.clear()
        assert unfinished.exists()  # this process is alive
        left = unfinished.parent.with_name(f".{KEY}.cnnviz-abcd1234")
        left.mkdir()
        (left / LOCK).write_text(SIGNATURE)
        (left / KEY).write_bytes(b"half")
    assert [entry.path.name for entry in cache.entries()] == [OTHER]
    cache.clear()
    assert list(folder.iterdir()) == []


def test_what_cannot_be_removed_is_not_said_to_be_freed(cache, monkeypatch):
    cache.put(Kind.FILM, KEY, bytes(100))
    monkeypatch.setattr(Path, "unlink", no_permission)
    with pytest.raises(UserError, match=r"1 of 1 files in the cache .* could not be removed"):
        cache.clear()
    monkeypatch.undo()
    assert cache.clear() > 100


def no_permission(*_, **__):
    raise PermissionError(errno.EACCES, "Permission denied")


def test_nothing_there_is_empty(cache):
    assert cache.size() == cache.clear() == 0
    assert cache.entries() == []
    cache.prune()
    assert not cache.folder.parent.exists()


def test_folders_are_private(cache):
    cache.put(Kind.FILM, KEY, b"")
    for folder in (cache.folder.parent, cache.folder, cache.folder / Kind.FILM):
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("place", ["file", "theirs"])
def test_a_cache_that_cannot_be_used_is_as_good_as_none(tmp_path, place, logged):
    (tmp_path / "file").write_text("")
    (tmp_path / "theirs" / "cnnviz" / Kind.FILM).mkdir(parents=True)
    record = tmp_path / "theirs" / "cnnviz" / Kind.FILM / KEY
    record.write_bytes(sealed(Kind.FILM, KEY, b"content"))
    before = everything_in(tmp_path)
    cache = Cache(tmp_path / place, limit=0)
    for _ in range(3):
        cache.put(Kind.FILM, KEY, b"mine")
        assert cache.get(Kind.FILM, KEY) is None
    cache.prune()
    assert cache.entries() == []
    for use in (cache.clear, cache.check):
        with pytest.raises(UserError):
            use()
    assert everything_in(tmp_path) == before
    assert len(logged.messages) == 1


def foreign_things(cache, outside):
    """Put a user's things into every folder of the cache, and links to things elsewhere."""
    cache.put(Kind.FILM, KEY, b"theirs in the end")
    record = (cache.folder / Kind.FILM / KEY).read_bytes()
    outside.mkdir()
    (outside / KEY).write_bytes(record)
    (outside / "video.mp4").write_bytes(b"a wedding")
    place = cache.folder.parent
    (place / "wedding.mp4").write_bytes(b"a wedding")
    (place / "work-mine").mkdir()
    (place / "films" / KEY).mkdir(parents=True)  # as an older cnnviz had it
    (place / "films" / KEY / "film.json").write_text("{}")
    (cache.folder / "thesis.txt").write_text("years of work")
    (cache.folder / "work-mine").mkdir()
    (cache.folder / "photos").mkdir()
    (cache.folder / "photos" / KEY).write_bytes(record)
    (cache.folder / Kind.SECTION).symlink_to(outside)
    films = cache.folder / Kind.FILM
    (films / "notes.txt").write_bytes(record)
    (films / OTHER).write_text("no record, whatever its name")
    (films / f".{OTHER}.01234567").write_text("nor this")
    (films / key(1)).symlink_to(outside / KEY)
    (films / key(2)).symlink_to(outside)
    (films / key(3)).mkdir()
    (films / key(3) / KEY).write_bytes(record)
    os.mkfifo(films / key(4))
    (films / KEY).unlink()
    for path in (*place.rglob("*"), *outside.iterdir()):
        os.utime(path, (1, 1), follow_symlinks=False)


def test_nothing_of_others_is_ever_counted_or_touched(cache, tmp_path):
    foreign_things(cache, tmp_path / "outside")
    before = everything_in(tmp_path)
    for number in (1, 2, 3, 4):
        assert cache.get(Kind.FILM, key(number)) is None
        cache.put(Kind.FILM, key(number), b"mine")
    assert cache.get(Kind.SECTION, KEY) is None
    cache.put(Kind.SECTION, KEY, b"mine")
    assert cache.entries() == []
    assert cache.clear() == cache.size() == 0
    cache.put(Kind.FILM, KEY, b"mine")
    assert [entry.path.name for entry in cache.entries()] == [KEY]
    Cache(cache.folder.parent, limit=0).prune()
    assert everything_in(tmp_path) == before


@given(st.binary(max_size=300), st.data())
@settings(max_examples=200)
def test_damage_is_a_miss_that_is_mended(tmp_path_factory, content, data):
    cache = Cache(tmp_path_factory.mktemp("cache"))
    cache.put(Kind.FILM, OTHER, content)
    cache.put(Kind.FILM, KEY, content)
    path = cache.folder / Kind.FILM / KEY
    whole = path.read_bytes()
    damaged = bytearray(whole)
    position = data.draw(st.integers(0, len(whole) - 1))
    damaged[position] ^= data.draw(st.integers(1, 255))
    other = (cache.folder / Kind.FILM / OTHER).read_bytes()
    path.write_bytes(data.draw(st.sampled_from([bytes(damaged), whole[:position], other])))
    assert cache.get(Kind.FILM, KEY) is None
    assert not path.exists()
    cache.put(Kind.FILM, KEY, content)
    assert cache.get(Kind.FILM, KEY) == content


def test_damage_is_told(cache, logged):
    cache.put(Kind.FILM, KEY, b"content")
    path = cache.folder / Kind.FILM / KEY
    path.write_bytes(path.read_bytes() + b"!")
    assert cache.get(Kind.FILM, KEY) is None
    assert logged.messages == [f"the cache's {path} is damaged and is made anew"]


def test_a_folder_that_vanishes_meanwhile_is_no_error(cache):
    cache.put(Kind.FILM, KEY, b"content")
    for path in sorted(cache.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    cache.folder.rmdir()
    cache.put(Kind.FILM, KEY, b"content")
    assert cache.get(Kind.FILM, KEY) is None
    assert not Path(cache.folder).exists()
