"""Networks, and what they see in a picture."""

from __future__ import annotations

from pathlib import Path

from cnnviz.api.renamed import takes_network
from cnnviz.model.trace import Trace
from cnnviz.network import Network
from cnnviz.network import load_network as load
from cnnviz.network import trace as run


def load_network(path: str | Path | None = None) -> Network:
    """Load a network from its weights file, or by a name such as ``"lenet_5"``; else Tiny VGG.

    Parameters
    ----------
    path
        A ``.safetensors`` file that cnnviz has written, or a name that ``cnnviz weights list``
        tells.

    Returns
    -------
    Network
        Its layers, classes and module, on the CPU, float32.

    Raises
    ------
    UserError
        If the file is not one, or there is no such name; the message says which, and why.
    """
    return load(path)


@takes_network
def trace(
    image: object,
    weights: Network | str | Path | None = None,
    crop: tuple[int, int, int, int] | None = None,
    background: tuple[int, int, int] = (255, 255, 255),
) -> Trace:
    """Let a network look at a picture and return everything it computes.

    Parameters
    ----------
    image
        A path, a Pillow image, or an array: (height, width) or (height, width, 3 or 4), uint8,
        uint16, or floats in 0..1.
    weights
        The path of a weights file, a name such as ``"lenet_5"``, or what :func:`load_network`
        returns; by default the bundled Tiny VGG.
    crop
        (x, y, width, height) in pixels of the upright picture; by default the largest
        part in the middle that has the network's proportions.
    background
        (red, green, blue), 0 to 255, behind a picture with transparency.

    Returns
    -------
    Trace
        The picture as the network received it, and each layer's inputs and outputs, float32.

    Raises
    ------
    UserError
        If the picture or the weights cannot be read, the crop does not lie inside the picture, or
        the background is no colour.
    """
    loaded = weights if isinstance(weights, Network) else load_network(weights)
    return run(image, loaded, crop, background)
