"""What a network sees in pictures, wherever pictures and network come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cnnviz.cache.store import Cache
from cnnviz.cache.traces import DoneLook, Look, looking_at_files
from cnnviz.catalog import load_scene
from cnnviz.pipeline.request import PictureRequest
from cnnviz.traces import Trace


@contextmanager
def tracing(pictures: Sequence[PictureRequest], cache: Cache | None) -> Iterator[list[Look]]:
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
        If a picture or the weights cannot be used; here or from the look's ``trace``.
    """
    if not pictures:
        yield []
        return
    how = pictures[0]
    network, crop, background = how.network, how.crop, how.background
    images = [picture.image for picture in pictures]
    files = [image for image in images if isinstance(image, str | Path)]
    if len(files) == len(images) and (network is None or isinstance(network, str | Path)):
        with looking_at_files(files, network, crop, background, cache) as looks:
            yield looks
        return
    from cnnviz.network import load_network, trace  # torch, only where it is needed

    loaded = (
        load_network(network) if network is None or isinstance(network, str | Path) else network
    )
    yield [DoneLook(trace(image, loaded, crop, background)) for image in images]


def traces_for(scene: str, pictures: Sequence[PictureRequest], cache: Cache | None) -> list[Trace]:
    """Return what the network sees in the pictures, for a scene that is imported meanwhile."""
    with tracing(pictures, cache) as looks:
        if not all(look.is_ready for look in looks):
            load_scene(scene)  # imports Manim while another process runs the network
        return [look.trace() for look in looks]
