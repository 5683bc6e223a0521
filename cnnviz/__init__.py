"""Lecture films of a convolutional network looking at your photo.

These calls do what the command line does::

    trace = cnnviz.trace("cat.png")
    clip = cnnviz.render("conv", image="cat.png", output="conv.mp4", layer="conv_1_2")
    clip = cnnviz.compare("cat.png", "dog.png", "compared.mp4", layer="conv_1_2")
    clips = cnnviz.render_batch("conv", ["cat.png", "dog.png"], "films")
    picture = cnnviz.render_still("conv", image="cat.png", at=12.5, output="frame.png")
    done = cnnviz.build("course.toml")
    network = cnnviz.import_network("model.onnx", "net.safetensors").network

What is exported is imported when it is asked for, torch and Manim when they are needed, so that
``import cnnviz`` costs nothing. In a notebook a :class:`Clip` shows itself, and so does how far
a render is.
"""

from __future__ import annotations

from cnnviz.errors import UserError

TYPE_CHECKING = False  # importing `typing` takes longer than all of this

__all__ = [
    "Clip",
    "Network",
    "Trace",
    "UserError",
    "__version__",
    "build",
    "compare",
    "import_network",
    "load_network",
    "render",
    "render_batch",
    "render_still",
    "scenes",
    "still",
    "trace",
]

if TYPE_CHECKING:
    from typing import Any

    from cnnviz.api.comparisons import compare
    from cnnviz.api.courses import build
    from cnnviz.api.films import render, render_batch
    from cnnviz.api.imports import import_network
    from cnnviz.api.networks import load_network, trace
    from cnnviz.api.scenes import scenes
    from cnnviz.api.stills import render_still, still
    from cnnviz.model.trace import Trace
    from cnnviz.network import Network
    from cnnviz.pipeline.clip import Clip

    __version__: str
else:  # hidden from type checkers, to which it would make every name a right one

    def __getattr__(name: str) -> Any:
        """Import what is exported when it is asked for."""
        from importlib import import_module, metadata

        exported_from = {
            "Clip": "cnnviz.pipeline.clip",
            "Network": "cnnviz.network",
            "Trace": "cnnviz.model.trace",
            "build": "cnnviz.api.courses",
            "compare": "cnnviz.api.comparisons",
            "import_network": "cnnviz.api.imports",
            "load_network": "cnnviz.api.networks",
            "render": "cnnviz.api.films",
            "render_batch": "cnnviz.api.films",
            "render_still": "cnnviz.api.stills",
            "scenes": "cnnviz.api.scenes",
            "still": "cnnviz.api.stills",
            "trace": "cnnviz.api.networks",
        }
        if name == "__version__":
            return metadata.version("cnnviz")
        if name in exported_from:
            return getattr(import_module(exported_from[name]), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Return what is exported, whether anybody has asked for it yet or not."""
        return sorted(__all__)
