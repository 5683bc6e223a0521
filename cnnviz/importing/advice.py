"""What could be done about a layer that cannot be shown, whichever format the network is in."""

from __future__ import annotations

TRAIN_WITH_RELU = "train the network with ReLU, ReLU6 or a leaky ReLU in its place"
SMOOTH = (
    "its slope changes with every value, so that no part of a result could be told exactly; "
    f"{TRAIN_WITH_RELU}"
)
PART_OF_SILU = f"it is a part of SiLU: {SMOOTH}"
PART_OF_GELU = f"it is a part of GELU: {SMOOTH}"
MULTI_LABEL = (
    "it judges each class by itself (multi-label), and cnnviz shows classifiers that choose one; "
    "train the network with a softmax over its classes"
)
ATTENTION = (
    "its values weigh others (attention), and cnnviz shows sums whose weights are the same for "
    "every picture; use a network without attention"
)
FIT_BEFORE = "leave it out: cnnviz makes any picture as large as the network takes it"
CHANNELS_AS_THEY_ARE = (
    "pictures are red, green, blue here; leave out what takes channels apart or orders them anew, "
    "as preprocess_input of VGG does, and turn the first kernel round: kernel[:, :, ::-1]"
)
ONLY_CLASSIFIERS = "cnnviz shows classifiers, which make maps smaller"
NORMALISE_BATCHES = "use batch normalisation, which becomes part of the convolutions"
REPLACE = (
    "cnnviz has no layer for it; replace it with convolutions, pooling, ReLU, additions or "
    "concatenations"
)
"""Where nothing more special is known."""
