"""The network: its layers and weights, the picture it looks at, and what it computes.

These are the only rooms that import torch, and they do so when what needs it is asked for:
pictures do not. Everything that leaves them is plain NumPy (:class:`cnnviz.model.trace.Trace`)
or plain data (:class:`cnnviz.model.architecture.Architecture`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnnviz.network.picture import Picture, load_picture

__all__ = ["Network", "Picture", "load_network", "load_picture", "save_network", "trace"]

if TYPE_CHECKING:
    from cnnviz.network.network import Network
    from cnnviz.network.tracing import trace
    from cnnviz.network.weights import load_network, save_network
else:  # hidden from type checkers, to which it would make every name a right one

    def __getattr__(name: str) -> Any:
        """Import what needs torch when it is asked for."""
        from importlib import import_module

        exported_from = {
            "Network": "cnnviz.network.network",
            "load_network": "cnnviz.network.weights",
            "save_network": "cnnviz.network.weights",
            "trace": "cnnviz.network.tracing",
        }
        if name in exported_from:
            return getattr(import_module(exported_from[name]), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
