"""Past failures and the first turns of quick attacks; ``make torture`` goes on where these end."""

from __future__ import annotations

from pathlib import Path

import pytest

from torture.attack import generator
from torture.attacks import ATTACKS
from torture.attacks.options import commands
from torture.attacks.past_files import known_failures, refuse
from torture.campaign import attack_at_once, attack_once
from torture.corpus import Turn, past_failures
from torture.lab import Lab, Run
from torture.mutation import mutated, mutated_text

QUICK = [name for name, attack in ATTACKS.items() if attack.at_once > 1]

TURNS = 10
"""Of each quick attack, in every run of the tests."""


@pytest.mark.parametrize(
    "turn",
    [turn for turn in past_failures() if turn.attack in QUICK],
    ids=lambda turn: f"{turn.attack}-{turn.number}",
)
def test_past_failures_stay_mended(turn: Turn, tmp_path: Path) -> None:
    assert attack_once(turn, str(tmp_path)) is None


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("reader", "name"), known_failures())
def test_files_that_broke_a_promise_are_refused(reader: str, name: str, tmp_path: Path) -> None:
    refuse(reader, name, tmp_path)


@pytest.mark.parametrize("name", QUICK)
def test_the_first_turns_of_quick_attacks(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(tmp_path))
    turns = [Turn(name, 1, number) for number in range(TURNS)]
    assert attack_at_once(turns, str(tmp_path)) == {}


def test_a_turn_is_the_same_again() -> None:
    first, again, other = (mutated(b"content" * 9, generator(seed, "x", 3)) for seed in (1, 1, 2))
    assert first == again != other
    texts = [mutated_text("a = 1", generator(1, "x", 3)) for _ in range(2)]
    assert texts[0] == texts[1]


def test_a_broken_promise_is_told_with_its_place(tmp_path: Path) -> None:
    (reason,) = attack_at_once([Turn("no such attack", 1, 1)], str(tmp_path)).values()
    assert reason.startswith("KeyError")


def test_every_command_is_called() -> None:
    words = {" ".join(each) for each, _ in commands()}
    assert {"render conv", "still conv", "inspect", "cache show", "verify"} <= words


@pytest.mark.parametrize(
    ("code", "err", "broken"),
    [
        (0, "", False),
        (2, "Error: one line\n", False),
        (2, "", True),
        (2, "Error: one\nError: two\n", True),
        (1, "Error: cnnviz failed (KeyError)\n", True),
        (2, "Traceback (most recent call last)\nError: x\n", True),
        (139, "", True),
    ],
)
def test_what_a_run_may_say(code: int, err: str, broken: bool) -> None:
    run = Run(("render",), code, "", err)
    if broken:
        with pytest.raises(Exception, match="ended with"):
            run.check(0, 2)
    else:
        run.check(0, 2)


def test_what_is_left_is_found(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "lab")
    lab.check_nothing_left()
    (lab.temporary / "cnnviz-abcd1234").mkdir()
    with pytest.raises(Exception, match="left among temporary files"):
        lab.check_nothing_left()
