"""How a request is carried out; nothing here changes a frame."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from cnnviz.cache.store import Cache
from cnnviz.errors import UserError
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.worker_pool import default_jobs

ProgressCall = Callable[[int, int], None]
"""Called with the frames that are done and the frames there are."""

MOST_JOBS = 256
"""Processes that draw."""


@dataclass(frozen=True)
class RunOptions:
    """How a request is carried out.

    Attributes
    ----------
    cache
        Where what was made is kept and found again; None for nowhere.
    jobs
        How many processes draw; None for as many as fill this machine, or one if time is counted.
    executor
        Where films of a batch run: by default fresh processes on this machine.
    on_progress
        Called with the frames that are done and the frames there are.
    profile
        Where to count the time of each stage, of what happens in this process.
    force
        Whether a file in the way that cnnviz did not make is replaced. Never an input.
    """

    cache: Cache | None = None
    jobs: int | None = None
    executor: Executor | None = None
    on_progress: ProgressCall | None = None
    profile: Profile | None = None
    force: bool = False

    def __post_init__(self) -> None:
        """Refuse a number of jobs that no machine has room for.

        Raises
        ------
        UserError
            If it is out of range.
        """
        if self.jobs is not None and not 1 <= self.jobs <= MOST_JOBS:
            raise UserError(f"jobs is {self.jobs}: give a number from 1 to {MOST_JOBS}")

    @property
    def processes(self) -> int:
        """How many processes draw."""
        if self.jobs is not None:
            return self.jobs
        return 1 if self.profile is not None else default_jobs()
