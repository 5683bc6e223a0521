"""What could be done about a layer that cannot be shown, whichever format the network is in."""

from __future__ import annotations

TRAIN_WITH_RELU = "train the network with ReLU or ReLU6 in its place"
JOIN_BY_ADDING = "only additions join branches; use a network with skip connections that add"
ONLY_CLASSIFIERS = "cnnviz shows classifiers, which make maps smaller"
NORMALISE_BATCHES = "use batch normalisation, which becomes part of the convolutions"
REPLACE = "cnnviz has no layer for it; replace it with convolutions, pooling, ReLU or additions"
"""Where nothing more special is known."""
