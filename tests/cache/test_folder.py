"""The cache has a folder of its own, and takes nobody else's for it."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from cnnviz.cache.folder import TAG, check_folder, default_place, is_marked, make_folder
from cnnviz.cache.store import Cache
from cnnviz.errors import UserError


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_cache_lies_where_the_user_wants_caches(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("CNNVIZ_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_place() == tmp_path / "cnnviz"
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(tmp_path / "mine"))
    assert default_place() == tmp_path / "mine"
    assert Cache().folder == tmp_path / "mine" / "cnnviz"


def test_it_is_marked_and_private(tmp_path):
    folder = tmp_path / "deep" / "place" / "cnnviz"
    check_folder(folder)
    make_folder(folder)
    assert is_marked(folder)
    # What every tool that knows such folders looks for: https://bford.info/cachedir/
    assert (folder / TAG).read_bytes()[:43] == b"Signature: 8a477f597d28d172789f06886806bc55"
    assert mode_of(folder) == mode_of(folder.parent) == 0o700
    assert [path.name for path in folder.parent.iterdir()] == ["cnnviz"]
    make_folder(folder)
    check_folder(folder)


def test_an_empty_folder_becomes_the_cache(tmp_path):
    (tmp_path / "cnnviz").mkdir()
    make_folder(tmp_path / "cnnviz")
    assert is_marked(tmp_path / "cnnviz")


def somebody_elses(folder):
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")


def another_programs(folder):
    folder.mkdir()
    (folder / TAG).write_bytes(b"Signature: 8a477f597d28d172789f06886806bc55\n# by another\n")


def a_file(folder):
    folder.write_text("")


def a_link(folder):
    target = folder.with_name("elsewhere")
    make_folder(target)
    folder.symlink_to(target)


def a_linked_tag(folder):
    a_link(folder.with_name("linked"))
    folder.mkdir()
    (folder / TAG).symlink_to(folder.with_name("elsewhere") / TAG)


@pytest.mark.parametrize("make", [somebody_elses, another_programs, a_file, a_link, a_linked_tag])
def test_what_is_not_marked_is_somebody_elses(tmp_path, make):
    folder = tmp_path / "cnnviz"
    make(folder)
    before = sorted(tmp_path.rglob("*"))
    for use in (make_folder, check_folder):
        with pytest.raises(UserError, match=r"is not a cache of cnnviz's.*left alone"):
            use(folder)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_place_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    for use in (make_folder, check_folder):
        with pytest.raises(UserError, match='file/cnnviz" cannot be used: Not a directory'):
            use(tmp_path / "file" / "cnnviz")


def test_another_users_cache_is_not_used(tmp_path, monkeypatch):
    folder = tmp_path / "cnnviz"
    make_folder(folder)
    monkeypatch.setattr("os.geteuid", lambda: folder.stat().st_uid + 1)
    for use in (make_folder, check_folder):
        with pytest.raises(UserError, match="belongs to another user"):
            use(folder)


def test_what_an_older_version_left_readable_by_all_is_made_private(tmp_path):
    folder = tmp_path / "cnnviz"
    make_folder(folder)
    folder.chmod(0o755)
    make_folder(folder)
    assert mode_of(folder) == 0o700


def test_a_user_without_a_home_has_no_cache_but_a_film(tmp_path, monkeypatch):
    def no_such_user(path):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("pathlib.Path.expanduser", no_such_user)
    for name in ("CNNVIZ_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert default_place().is_relative_to("/")


def test_several_at_once_agree(tmp_path):
    for number in range(50):
        folder = tmp_path / str(number) / "cnnviz"
        with ThreadPoolExecutor(4) as executor:
            list(executor.map(make_folder, [folder] * 4))
        assert [path.name for path in folder.parent.iterdir()] == ["cnnviz"]
