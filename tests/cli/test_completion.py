"""What a shell is told when somebody presses Tab."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from cnnviz.cache.store import Cache
from cnnviz.cli.completion import VARIABLE
from cnnviz.cli.main import COMMANDS, main
from cnnviz.cli.main import cnnviz as group
from cnnviz.staging.registry import describe_scene, scene_names

START = "import sys; from cnnviz.cli.main import main; sys.exit(main())"


def completed(*words: str) -> list[str]:
    """Return what the last word can become."""
    shell = ShellComplete(group, {}, "cnnviz", VARIABLE)
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["re"], ["render"]),
        (["render", ""], scene_names()),
        (["still", "fl"], ["flatten"]),
        (["audit", "so"], ["softmax"]),
        (["cache", "c"], ["clear"]),
        (["help", "rend"], ["render"]),
        (["help", "render", "po"], ["pool"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["render", "conv", "--la"], ["--language", "--layer"]),
        (["render", "hyperparameters", "--st"], ["--stride"]),
        (["render", "conv", "--theme", ""], ["dark", "light"]),
        (["render", "conv", "cat.png", "--theme", "l"], ["light"]),
        (["render", "conv", "--scale", "un"], ["unit"]),
        (["render", "cov", "--la"], []),
        (["render", "nowhere.py", "--la"], []),
    ],
)
def test_words_are_completed(words: list[str], expected: list[str]) -> None:
    found = [each for each in completed(*words) if each != words[-1]]
    assert sorted(found) == sorted(expected)


def test_all_commands_are_offered() -> None:
    assert completed("") == list(COMMANDS)


@pytest.mark.parametrize("words", [["render", "verd"], ["render", "conv", "ca"]])
def test_files_are_left_to_the_shell(words: list[str]) -> None:
    shell = ShellComplete(group, {}, "cnnviz", VARIABLE)
    (item,) = shell.get_completions(words[:-1], words[-1])
    assert (item.type, item.value) == ("file", words[-1])


def test_a_broken_file_of_defaults_is_no_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cnnviz.toml").write_text("= broken")
    assert completed("render", "conv", "--theme", "d") == ["dark"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_calls_cnnviz(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert f"{VARIABLE}={shell}_complete" in script
    if shutil.which(shell):
        done = subprocess.run([shell, "-n"], input=script, text=True, check=False)
        assert done.returncode == 0


def test_completion_imports_nothing_heavy(cache_folder: Path) -> None:
    describe_scene("conv", Cache())  # afterwards its options are known
    for words in ("cnnviz render ", "cnnviz render conv --the", "cnnviz render conv --theme d"):
        code = (
            f"import sys\ntry:\n {START.replace('; ', chr(10) + ' ')}\n"
            "finally:\n print([m for m in ('torch', 'manim', 'rich') if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={
                **os.environ,
                VARIABLE: "bash_complete",
                "COMP_WORDS": words,
                "COMP_CWORD": str(words.count(" ")),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        assert done.stdout.splitlines()[0].startswith("plain,")
        assert done.stdout.splitlines()[-1] == "[]"
