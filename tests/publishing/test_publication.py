"""A clip's files appear together or not at all, and only over files of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnnviz.errors import UserError
from cnnviz.publishing import publication
from cnnviz.publishing.clip_files import ClipFiles, check_outputs
from cnnviz.publishing.output_files import refuse_inputs
from cnnviz.publishing.publication import finish_what_was_left, publish, unfinished_clip


def fill(path: Path, version: str) -> None:
    """Write one of a clip's files, the stills as the folder that they are."""
    if path.suffix == ".stills":
        path.mkdir()
        path = path / "01.png"
    path.write_text(f"{path.suffix} {version}")


def make(clip: ClipFiles, version: str, *, force: bool = False) -> None:
    """Make a clip whose files all say which version they are of."""
    with unfinished_clip(clip) as files:
        for path in files.all:
            fill(path, version)
        manifest = {"scene": version, "files": files.digests()}
        files.manifest.write_text(json.dumps(manifest))
        publish(files, clip, force=force)


def contents(folder: Path) -> dict[str, str]:
    """Return what is in a folder and its visible ones, by name."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in files
        if not path.relative_to(folder).as_posix().startswith(".")
    }


@pytest.fixture
def clip(tmp_path: Path) -> ClipFiles:
    return ClipFiles.at(tmp_path / "films" / "conv.mp4")


def test_all_files_are_there_and_nothing_else(clip: ClipFiles) -> None:
    make(clip, "one")
    endings = (".vtt", ".srt", ".chapters.vtt", ".descriptions.vtt", ".transcript.md")
    endings += (".stills", ".poster.png", ".json", ".mp4")
    names = sorted(f"conv{ending}" for ending in endings)
    assert sorted(path.name for path in clip.video.parent.iterdir()) == names
    assert set(clip.own()) == set(clip.all)
    make(clip, "two")
    assert clip.video.read_text() == ".mp4 two"
    assert sorted(path.name for path in clip.video.parent.iterdir()) == names


def test_a_renamed_clip_is_still_ours(clip: ClipFiles) -> None:
    make(clip, "one")
    renamed = ClipFiles.at(clip.video.with_name("week 1.mp4"))
    for path, new in zip(clip.all, renamed.all, strict=True):
        path.rename(new)
    check_outputs(renamed, force=False)


@pytest.mark.parametrize("suffix", [".mp4", ".vtt", ".chapters.vtt", ".stills", ".json"])
@pytest.mark.parametrize("how", ["foreign", "changed", "link"])
def test_what_is_not_ours_is_not_replaced(clip: ClipFiles, suffix: str, how: str) -> None:
    path = clip.video.with_suffix(suffix)
    path.parent.mkdir()
    if how == "changed":
        make(clip, "one")
    if how == "link":
        path.symlink_to(path.parent / "nowhere")
    elif path.is_dir():
        (path / "02.png").write_text("mine")
    else:
        path.write_text("mine")
    before = contents(path.parent)
    said = "is in the way, and not a result of cnnviz"
    with pytest.raises(UserError, match=said):
        make(clip, "two")
    assert contents(path.parent) == before
    assert path.is_symlink() == (how == "link")
    if clip.stills.is_dir() and clip.stills not in clip.own():
        # A folder goes under no circumstances: somebody's files may be in it.
        with pytest.raises(UserError, match=f'folder ".*" {said}'):
            make(clip, "two", force=True)
        return
    make(clip, "two", force=True)
    assert clip.video.read_text() == ".mp4 two"


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_in_the_way_is_refused_and_kept(clip: ClipFiles, force: bool) -> None:
    (clip.manifest / "inside").mkdir(parents=True)
    with pytest.raises(UserError, match=r'conv\.json" is a folder'):
        make(clip, "one", force=force)
    assert sorted(path.name for path in clip.video.parent.iterdir()) == ["conv.json"]
    assert (clip.manifest / "inside").is_dir()


@pytest.mark.parametrize("text", ["null", "[]", '{"files": 1}', '{"files": {}}', "[" * 100_000])
def test_other_json_is_no_manifest(clip: ClipFiles, text: str) -> None:
    clip.manifest.parent.mkdir()
    clip.manifest.write_text(text)
    assert clip.own() == []


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize(
    ("there", "call"),
    [*((False, call) for call in range(9)), *((True, call) for call in range(18))],
)
def test_a_failure_on_the_way_leaves_what_was_there(
    clip: ClipFiles,
    call: int,
    error: type[BaseException],
    there: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if there:
        make(clip, "one")
    before = contents(clip.video.parent) if there else {}
    calls: list[int] = []
    rename = os.rename

    def failing(source: Path, target: Path) -> None:
        if source.exists():
            calls.append(1)
            if len(calls) > call:
                raise error
        rename(source, target)

    monkeypatch.setattr(publication.os, "rename", failing)
    with pytest.raises((UserError, KeyboardInterrupt)):
        make(clip, "two")
    assert contents(clip.video.parent) == before


def test_what_cannot_be_put_back_is_not_deleted(
    clip: ClipFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(clip, "one")
    before = sorted(contents(clip.video.parent).values())
    rename = os.rename

    def failing_at_the_end(source: Path, target: Path) -> None:
        if source.name == "conv.mp4" and target == clip.video:
            raise OSError
        rename(source, target)

    def failing(source: Path, target: Path) -> None:
        raise OSError

    monkeypatch.setattr(publication.os, "rename", failing_at_the_end)
    monkeypatch.setattr(publication.os, "replace", failing)
    with pytest.raises(UserError):
        make(clip, "two")
    aside = [path for path in clip.video.parent.rglob("before/**/*") if path.is_file()]
    assert sorted(path.read_text() for path in aside) == before


KILLED = """
import json, os, sys
from pathlib import Path
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.publishing.publication import publish, unfinished_clip
clip, left = ClipFiles.at(Path(sys.argv[1])), int(sys.argv[2])
rename = os.rename
def killed(source, target):
    global left
    if left == 0:
        os._exit(9)
    left -= os.path.exists(source)
    rename(source, target)
os.rename = killed
with unfinished_clip(clip) as files:
    for path in files.all:
        if path.suffix == ".stills":
            path.mkdir()
            path = path / "01.png"
        path.write_text(f"{path.suffix} two")
    files.manifest.write_text(json.dumps({"scene": "two", "files": files.digests()}))
    publish(files, clip)
"""


@pytest.mark.parametrize("call", [0, 1, 3, 4, 8, 9, 10, 12, 14, 15, 17, 18, 19])
def test_a_kill_on_the_way_never_mixes_and_is_put_right(clip: ClipFiles, call: int) -> None:
    make(clip, "one")
    subprocess.run([sys.executable, "-c", KILLED, str(clip.video), str(call)], check=False)
    if clip.video.exists():  # beside a film are its own files
        assert set(clip.own()) == set(clip.all)
    finish_what_was_left(clip.video.parent)
    assert set(clip.own()) == set(clip.all)
    assert clip.video.read_text() == ".mp4 two"
    assert len(list(clip.video.parent.iterdir())) == 9


def test_what_another_process_is_making_is_left_alone(clip: ClipFiles) -> None:
    with unfinished_clip(clip) as files:
        finish_what_was_left(clip.video.parent)
        assert files.video.parent.is_dir()


def test_films_in_several_formats_lie_side_by_side(clip: ClipFiles) -> None:
    other = ClipFiles.at(clip.video.with_suffix(".gif"))
    make(clip, "one")
    make(other, "two")
    assert set(clip.own()) == set(clip.all)
    assert set(other.own()) == set(other.all)
    assert not set(clip.all) & set(other.all)


def test_a_folder_with_an_input_is_not_replaced(clip: ClipFiles) -> None:
    make(clip, "one")
    with pytest.raises(UserError, match="an input lies in it"):
        refuse_inputs(clip.all, [clip.stills / "01.png"])


def test_inputs_are_known_under_any_name(tmp_path: Path) -> None:
    photo = tmp_path / "cat.png"
    photo.write_text("photo")
    (tmp_path / "link.mp4").symlink_to(photo)
    os.link(photo, tmp_path / "hard.mp4")
    for name in ("cat.png", "link.mp4", "hard.mp4", "../" + tmp_path.name + "/cat.png"):
        with pytest.raises(UserError, match="is an input"):
            refuse_inputs([tmp_path / name], [photo])
    refuse_inputs([tmp_path / "new.mp4"], [photo, tmp_path / "missing.png"])
