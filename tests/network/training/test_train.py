from __future__ import annotations

import os

import numpy as np
import pytest
import torch
from PIL import Image

from cnnviz.errors import UserError
from cnnviz.network import load_network, trace
from cnnviz.network.training import CardTexts, TrainingSettings, TrainingSource, train_network
from cnnviz.network.training.progress import TrainingProgress
from cnnviz.system.sole_writer import sole_writer

SETTINGS = TrainingSettings(epochs=12, batch_size=8, validation=0.25, flip=False, average=0.9)


class InterruptedProgress(TrainingProgress):
    """Presses Ctrl-C after so many steps."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.steps = steps

    def step(self, loss: float, accuracy: float) -> None:
        self.steps -= 1
        if self.steps == 0:
            raise KeyboardInterrupt
        super().step(loss, accuracy)


def test_learns_and_writes_weights_and_card(pictures, description, tmp_path, capsys):
    output = tmp_path / "out" / "stripes.safetensors"
    result = train_network(
        TrainingSource(pictures, description),
        output,
        SETTINGS,
        CardTexts(notes="## Limits\n\nStripes only.", command="cnnviz train stripes"),
    )
    assert result.evaluation.accuracy >= 0.8
    assert result.evaluation.confusion.sum() == 9
    assert sorted(os.listdir(output.parent)) == ["stripes.md", "stripes.safetensors"]
    card = (output.parent / "stripes.md").read_text()
    for text in ("# small grey", "at bottom", "cnnviz train stripes", "Stripes only.", "true \\"):
        assert text in card
    network = load_network(output)
    assert network.classes == ("at bottom", "at top", "in middle")
    assert network.input.is_normalised  # padding: the normalisation cannot be folded in
    traced = trace(pictures / "at_top" / "03.png", network)
    assert traced.predicted_class == "at top"
    errors = capsys.readouterr().err
    assert "epoch 12/12: loss" in errors
    assert capsys.readouterr().out == ""


def test_the_same_seed_gives_the_same_file(pictures, description, tmp_path):
    outputs = [tmp_path / f"{name}.safetensors" for name in "abc"]
    for output, seed in zip(outputs, (1, 1, 2), strict=True):
        settings = TrainingSettings(epochs=2, batch_size=8, seed=seed)
        train_network(TrainingSource(pictures, description), output, settings=settings)
    first, second, other = (output.read_bytes() for output in outputs)
    assert first == second != other


@pytest.mark.parametrize("steps", [5, 8, 15])
def test_an_interrupted_training_goes_on_as_if_nothing_had_happened(
    pictures, description, tmp_path, capsys, steps
):
    settings = TrainingSettings(epochs=5, batch_size=8, dropout=0.2, augmentation="strong")
    whole = tmp_path / "whole.safetensors"
    train_network(TrainingSource(pictures, description), whole, settings=settings)

    parts = tmp_path / "parts.safetensors"
    source = TrainingSource(pictures, description)
    with pytest.raises(KeyboardInterrupt, match=r"parts\.checkpoint' is kept: the same command"):
        train_network(source, parts, settings, progress=InterruptedProgress(steps))
    assert not parts.exists()
    with pytest.raises(UserError, match=r"parts.checkpoint' keeps an unfinished training"):
        train_network(source, parts, settings)

    train_network(source, parts, settings, resume=True)
    assert parts.read_bytes() == whole.read_bytes()
    assert parts.with_suffix(".md").read_text() == whole.with_suffix(".md").read_text()
    assert not (tmp_path / "parts.checkpoint").exists()


def test_an_interrupt_in_the_first_epoch_leaves_nothing(pictures, description, tmp_path, capsys):
    output = tmp_path / "out" / "stripes.safetensors"
    with pytest.raises(KeyboardInterrupt, match="nothing is kept"):
        train_network(
            TrainingSource(pictures, description), output, progress=InterruptedProgress(1)
        )
    assert os.listdir(output.parent) == []
    with pytest.raises(UserError, match="nothing to resume"):
        train_network(TrainingSource(pictures, description), output, resume=True)


def test_two_trainings_of_one_output_do_not_run_at_once(pictures, description, tmp_path, capsys):
    output = tmp_path / "out" / "stripes.safetensors"
    output.parent.mkdir()
    source, settings = TrainingSource(pictures, description), TrainingSettings(epochs=1)
    with (
        sole_writer(output),
        pytest.raises(UserError, match=r'another process is about to write ".*stripes'),
    ):
        train_network(source, output, settings)
    assert os.listdir(output.parent) == []
    train_network(source, output, settings)
    assert sorted(os.listdir(output.parent)) == ["stripes.md", "stripes.safetensors"]


def test_patience_ends_a_training_that_gets_no_better(pictures, description, tmp_path, capsys):
    settings = TrainingSettings(epochs=50, batch_size=8, learning_rate=1.0, patience=2)
    train_network(
        TrainingSource(pictures, description), tmp_path / "out.safetensors", settings=settings
    )
    assert "epoch 50/50" not in capsys.readouterr().err


def test_unreadable_pictures_are_told_and_passed_over(pictures, description, tmp_path, capsys):
    folder = tmp_path / "data"
    for name in ("one", "two"):
        (folder / name).mkdir(parents=True)
        for number in range(3):
            Image.new("L", (20, 28), 80 * number).save(folder / name / f"{number}.png")
    (folder / "one" / "broken.png").write_bytes(b"\x89PNG")
    (folder / "one" / ".hidden").write_bytes(b"")
    settings = TrainingSettings(epochs=1)
    train_network(
        TrainingSource(folder, description), tmp_path / "o.safetensors", settings=settings
    )
    errors = capsys.readouterr().err
    assert "broken.png': it is not an image" in errors
    assert ".hidden" not in errors


def test_a_teacher_takes_the_place_of_the_labels(pictures, description, tmp_path):
    teacher = tmp_path / "teacher.safetensors"
    train_network(TrainingSource(pictures, description), teacher, settings=SETTINGS)
    student = tmp_path / "student.safetensors"
    result = train_network(
        TrainingSource(
            pictures, description, ["in_middle", "at_top", "at_bottom"], teachers=[teacher]
        ),
        student,
        SETTINGS,
    )
    assert result.network.classes == ("in middle", "at top", "at bottom")
    assert result.evaluation.accuracy >= 0.8
    assert "Taught by small grey" in student.with_suffix(".md").read_text()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"description": "nothing"}, "network description 'nothing' is neither"),
        ({"classes": ["at_top", "nowhere"]}, "no class 'nowhere' in .*; there are: at_bottom"),
        ({"classes": ["at_top"]}, "gives 1 classes"),
        ({"classes": ["at_top", "at_top"]}, "class 'at top' is there twice"),
        ({"teachers": ["missing.safetensors"]}, "missing.safetensors': No such file"),
        ({"output": "network.pt"}, r"must end in \.safetensors"),
        ({"folder": "missing"}, "cannot read folder 'missing': No such file"),
    ],
)
def test_what_cannot_be_used_is_refused(pictures, tmp_path, monkeypatch, options, reason):
    monkeypatch.chdir(tmp_path)
    output = options.get("output", "o.safetensors")
    given = {key: value for key, value in options.items() if key != "output"}
    with pytest.raises(UserError, match=reason):
        train_network(TrainingSource(**{"folder": pictures, **given}), output)
    assert os.listdir(tmp_path) == []


def test_teachers_must_look_at_the_same_pictures(pictures, description, tmp_path):
    teacher = tmp_path / "teacher.safetensors"
    settings = TrainingSettings(epochs=1)
    train_network(TrainingSource(pictures, description), teacher, settings=settings)
    with pytest.raises(UserError, match=r"teacher 'small grey' looks at \(1, 20, 28\)"):
        train_network(TrainingSource(pictures, teachers=[teacher]), tmp_path / "o.safetensors")
    other = tmp_path / "other"
    for name in ("at_top", "elsewhere"):
        (other / name).mkdir(parents=True)
        for number in range(2):
            Image.new("L", (20, 28)).save(other / name / f"{number}.png")
    with pytest.raises(UserError, match="does not know class 'elsewhere'"):
        train_network(
            TrainingSource(other, description, teachers=[teacher]), tmp_path / "o.safetensors"
        )


def test_the_random_generator_of_the_caller_is_left_alone(pictures, description, tmp_path):
    torch.manual_seed(7)
    before = torch.get_rng_state()
    settings = TrainingSettings(epochs=1)
    train_network(
        TrainingSource(pictures, description), tmp_path / "o.safetensors", settings=settings
    )
    np.testing.assert_array_equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("suffix", [".safetensors", ".md", ".checkpoint"])
def test_a_planted_link_is_refused(pictures, description, tmp_path, suffix):
    target = tmp_path / "theirs"
    target.write_text("years of work")
    (tmp_path / f"net{suffix}").symlink_to(target)
    with pytest.raises(UserError, match="is a link"):
        train_network(
            TrainingSource(pictures, description), tmp_path / "net.safetensors", force=True
        )
    assert target.read_text() == "years of work"
    assert (tmp_path / f"net{suffix}").is_symlink()


def test_settings_that_no_machine_could_serve_are_refused(pictures, description, tmp_path):
    with pytest.raises(UserError, match="threads is 1000000000; allowed is 1 to 1024"):
        train_network(
            TrainingSource(pictures, description), tmp_path / "net.safetensors", threads=10**9
        )
