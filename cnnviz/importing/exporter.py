"""Networks of cnnviz for other programs: ONNX, or a state_dict of PyTorch."""

from __future__ import annotations

import io
from pathlib import Path

import torch

from cnnviz.errors import UserError
from cnnviz.importing.onnx_export import onnx_model
from cnnviz.network import Network, load_network
from cnnviz.network.files import write_together
from cnnviz.publishing.output_files import refuse_inputs, refuse_taken
from cnnviz.weights import weights_file

ENDINGS = (".onnx", ".pt", ".pth")
"""How an exported file may end, which says what it is."""


def export_network(weights: str | Path, output: str | Path, *, force: bool = False) -> Path:
    """Write a network for other programs and return the file.

    Parameters
    ----------
    weights
        A weights file, or a name that ``--weights`` knows.
    output
        ``.onnx`` for an ONNX model, which takes pictures from 0 to 1; ``.pt`` or ``.pth`` for a
        state_dict, which holds the layers' weights alone.
    force
        Whether a file that is there already is replaced.

    Raises
    ------
    UserError
        If the weights cannot be read or the file cannot be written.
    """
    output = Path(output)
    if output.suffix not in ENDINGS:
        raise UserError(f"output '{output}' must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}")
    refuse_inputs([output], [weights_file(weights)])
    refuse_taken([output], force=force)
    network = load_network(weights)
    is_onnx = output.suffix == ".onnx"
    content = onnx_model(network).SerializeToString() if is_onnx else _state_dict(network)
    refuse_taken([output], force=force)  # a file may have appeared meanwhile
    write_together({output: content})
    return output


def _state_dict(network: Network) -> bytes:
    """Return what ``torch.save(module.state_dict())`` writes: the layers' weights by name."""
    state = {name: value.detach().clone() for name, value in network.module.named_parameters()}
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()
