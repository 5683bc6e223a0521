"""The network: its layers and weights, the picture it looks at, and what it computes.

These are the only rooms that import torch. Everything that leaves them is plain NumPy
(:class:`cnnviz.model.trace.Trace`) or plain data (:class:`cnnviz.model.architecture.Architecture`).
"""

from cnnviz.network.network import Network
from cnnviz.network.picture import Picture, load_picture
from cnnviz.network.tracing import trace
from cnnviz.network.weights import load_network, save_network

__all__ = ["Network", "Picture", "load_network", "load_picture", "save_network", "trace"]
