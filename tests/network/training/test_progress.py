from __future__ import annotations

import io

from rich.console import Console

from cnnviz.network.training.loop import EpochResult
from cnnviz.network.training.progress import TrainingProgress


def shown(*, terminal: bool) -> str:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=120, soft_wrap=True)
    with TrainingProgress(console) as progress:
        progress.message("reading [6] pictures")
        progress.start(epochs=2, steps_per_epoch=3, finished_epochs=0)
        for _ in range(3):
            progress.step(1.5, 0.25)
        progress.epoch(EpochResult(1, 1.5, 0.25, 1.25, 0.5))
        progress.step(1.4, 0.3)
    return stream.getvalue()


def test_plain_lines_where_there_is_no_terminal():
    assert shown(terminal=False).splitlines() == [
        "reading [6] pictures",
        "epoch 1/2: loss 1.500, accuracy 25.0%; validation loss 1.250, accuracy 50.0%",
    ]


def test_a_bar_with_loss_and_accuracy_on_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")  # in a dumb one Rich draws no bars
    text = shown(terminal=True)
    assert "loss 1.400, accuracy 30.0%" in text
    assert "epoch 2/2" in text
    assert "━" in text
