"""What could be done about a layer that cannot be shown, whichever format the network is in."""

from __future__ import annotations

TRAIN_WITH_RELU = "train the network with ReLU or ReLU6 in its place"
ONLY_CLASSIFIERS = "cnnviz shows classifiers, which make maps smaller"
NORMALISE_BATCHES = "use batch normalisation, which becomes part of the convolutions"
REPLACE = (
    "cnnviz has no layer for it; replace it with convolutions, pooling, ReLU, additions or "
    "concatenations"
)
"""Where nothing more special is known."""
