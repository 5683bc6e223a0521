"""A network's look at pictures, wherever pictures and network come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cnnviz.cache.store import Cache
from cnnviz.cache.traces import Colour, Crop, DoneLook, Look, looking_at_files

if TYPE_CHECKING:
    from cnnviz.network import Network


@contextmanager
def looking(
    images: Sequence[object],
    network: Network | str | Path | None,
    crop: Crop | None,
    background: Colour,
    cache: Cache | None,
) -> Iterator[list[Look]]:
    """Let a network look at pictures: here if one is in memory, else in another process.

    See :func:`cnnviz.render` for the parameters.

    Raises
    ------
    UserError
        If a picture or the weights cannot be used; here or from the look's ``trace``.
    """
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
