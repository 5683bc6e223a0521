"""The last layer's weights moved so that the scores of every picture add up to zero."""

from __future__ import annotations

import copy
from dataclasses import replace

import torch

from cnnviz.network.network import Network


@torch.no_grad()
def centre_scores(network: Network) -> Network:
    """Return the network whose last layer has its mean over the classes subtracted.

    Softmax reads only how far scores lie apart. The mean over classes of the last layer's
    weights and biases adds the same to every score of a picture: without it probabilities
    are the same, up to the rounding of float32, and the scores add up to zero. Training leaves
    such a mean behind wherever it started, and often all scores are negative.

    Parameters
    ----------
    network
        Is left as it is.
    """
    module = copy.deepcopy(network.module)
    for parameter in module[-1].parameters():
        values = parameter.double()
        parameter.copy_(values - values.mean(0, keepdim=True))
    return replace(network, module=module)
