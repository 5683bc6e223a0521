"""What a network sees in pictures, wherever pictures and network come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path

from cnnviz.cache.store import Cache
from cnnviz.cache.traces import TraceTask, tracing_files
from cnnviz.model.trace import Trace
from cnnviz.pipeline.request import PictureRequest
from cnnviz.staging.registry import load_scene


@contextmanager
def tracing(pictures: Sequence[PictureRequest], cache: Cache | None) -> Iterator[list[TraceTask]]:
    """Let a network look at pictures: here if something is in memory, else in another process.

    Parameters
    ----------
    pictures
        What is to be seen; all by the same network, in the same way.
    cache
        Where traces are kept, if anywhere.

    Raises
    ------
    UserError
        If a picture or the weights cannot be used; here or from the task's ``trace``.
    """
    if not pictures:
        yield []
        return
    how = pictures[0]
    weights, crop, background = how.weights, how.crop, how.background
    images = [picture.image for picture in pictures]
    files = [image for image in images if isinstance(image, str | Path)]
    if len(files) == len(images) and (weights is None or isinstance(weights, str | Path)):
        with tracing_files(files, weights, crop, background, cache) as tasks:
            yield tasks
        return
    from cnnviz.network import load_network, trace  # torch, only where it is needed

    loaded = (
        load_network(weights) if weights is None or isinstance(weights, str | Path) else weights
    )
    looks = [partial(trace, image, loaded, crop, background) for image in images]
    yield [TraceInProcess(look) for look in looks]


class TraceInProcess(TraceTask):
    """A task that this process does when it is asked for the trace."""

    is_ready = True

    def __init__(self, look: Callable[[], Trace]) -> None:
        self._look = look

    def trace(self) -> Trace:
        """Let the network look."""
        return self._look()


def traces_for(scene: str, pictures: Sequence[PictureRequest], cache: Cache | None) -> list[Trace]:
    """Return what networks see in the pictures, for a scene that is imported meanwhile."""
    traces = []
    for _, same in groupby(pictures, lambda picture: id(picture.weights)):
        with tracing(list(same), cache) as tasks:
            if not all(task.is_ready for task in tasks):
                load_scene(scene)  # imports Manim while another process runs the network
            traces += [task.trace() for task in tasks]
    return traces
