"""Weights files that come with cnnviz, one model card beside each."""

from importlib.resources import files
from pathlib import Path


def bundled_weights(name: str = "tiny_vgg") -> Path:
    """Return the file of bundled weights.

    Parameters
    ----------
    name
        The network's name, ``"tiny_vgg"``.
    """
    return Path(str(files(__name__) / f"{name}.safetensors"))
