import pytest

from cnnviz.errors import UserError
from cnnviz.system.atomic_write import atomic_write


def test_the_name_appears_at_the_end_and_the_folder_is_made(tmp_path):
    path = tmp_path / "new folder" / "film.mp4"
    with atomic_write(path) as unfinished:
        unfinished.write_text("whole")
        assert not path.exists()
        assert unfinished.stat().st_dev == path.parent.stat().st_dev
    assert path.read_text() == "whole"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [KeyError, KeyboardInterrupt])
def test_nothing_is_left_after_an_error(tmp_path, error):
    path = tmp_path / "film.mp4"
    path.write_text("before")
    with pytest.raises(error), atomic_write(path):
        raise error
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_place_of_the_file_is_refused(tmp_path):
    (tmp_path / "film.mp4").mkdir()
    with (
        pytest.raises(UserError, match=r"cannot write .*film\.mp4"),
        atomic_write(tmp_path / "film.mp4"),
    ):
        pass
