"""What a training shows on stderr: a live bar on a terminal, a plain line per epoch elsewhere."""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from cnnviz.errors import one_line
from cnnviz.network.training.loop import EpochResult


class TrainingProgress:
    """A context manager that shows how a training comes along.

    Parameters
    ----------
    console
        Where to write; stderr if not given.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[figures]}", markup=False),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._epochs = 0
        self._task: TaskID | None = None

    def __enter__(self) -> TrainingProgress:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def message(self, text: str) -> None:
        """Write one line above the bar."""
        with suppress(OSError):  # a full stderr does not end a training
            self._console.print(one_line(text), markup=False)

    def start(self, epochs: int, steps_per_epoch: int, finished_epochs: int) -> None:
        """Show the bar for a training of that length, `finished_epochs` of it done before."""
        self._epochs = epochs
        self._task = self._bar.add_task(
            self._epoch_text(finished_epochs + 1),
            total=epochs * steps_per_epoch,
            completed=finished_epochs * steps_per_epoch,
            figures="",
        )

    def step(self, loss: float, accuracy: float) -> None:
        """Move on by one step; the epoch's mean loss and accuracy (0 to 1) so far."""
        if self._task is not None:
            figures = f"loss {loss:.3f}, accuracy {accuracy:.1%}"
            self._bar.update(self._task, advance=1, figures=figures)

    def epoch(self, result: EpochResult) -> None:
        """Write the finished epoch's line."""
        self.message(
            f"{self._epoch_text(result.epoch)}: "
            f"loss {result.loss:.3f}, accuracy {result.accuracy:.1%}; "
            f"validation loss {result.validation_loss:.3f}, "
            f"accuracy {result.validation_accuracy:.1%}"
        )
        if self._task is not None:
            self._bar.update(self._task, description=self._epoch_text(result.epoch + 1))

    def _epoch_text(self, epoch: int) -> str:
        return f"epoch {min(epoch, self._epochs)}/{self._epochs}"
