"""The cache stays bounded, and survives whatever happens in its folder."""

import os
import time

import pytest

from cnnviz.cache.store import OLD_WORK, Cache, default_folder, remove, size_of, touch


def aged(entry, seconds):
    os.utime(entry, (time.time() - seconds,) * 2)


def test_the_entries_used_last_stay_when_room_gets_short(tmp_path):
    cache = Cache(tmp_path, limit=2500)
    for age, key in ((30, "old"), (20, "older but used"), (10, "new")):
        film = cache.entry("films", key)
        film.mkdir(parents=True)
        (film / "0000.mp4").write_bytes(bytes(1000))
        aged(film, age)
    touch(cache.entry("films", "older but used"))
    trace = cache.entry("traces", "oldest")
    trace.parent.mkdir()
    trace.write_bytes(bytes(1000))
    aged(trace, 40)
    with cache.work_folder() as work:
        (work / "0000.mp4.part").write_bytes(bytes(5000))
    assert [entry.name for entry in cache.entries()] == ["new", "older but used"]
    assert cache.size() == 2000
    assert cache.clear() == 2000
    assert cache.entries() == []


def test_work_left_by_a_killed_process_goes(tmp_path):
    left, current = tmp_path / "work-left", tmp_path / "work-current"
    left.mkdir()
    current.mkdir()
    aged(left, OLD_WORK + 9)
    with Cache(tmp_path).work_folder():
        pass
    assert list(tmp_path.iterdir()) == [current]


def test_nothing_there_is_empty(tmp_path):
    cache = Cache(tmp_path / "nowhere")
    assert cache.size() == cache.clear() == 0
    assert cache.kinds() == {}
    assert size_of(tmp_path / "nothing") == 0
    remove(tmp_path / "nothing")
    touch(tmp_path / "nothing")


def test_work_goes_on_where_the_cache_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with Cache(tmp_path / "file" / "cache").work_folder() as work:
        assert work.is_dir()
    assert not work.exists()


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_work_folders_never_stay(tmp_path, error):
    with pytest.raises(error), Cache(tmp_path).work_folder():
        raise error
    assert list(tmp_path.iterdir()) == []


def test_the_cache_lies_where_the_user_wants_caches(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("CNNVIZ_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "cnnviz"
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(tmp_path / "mine"))
    assert default_folder() == tmp_path / "mine"
    assert Cache().folder == tmp_path / "mine"
