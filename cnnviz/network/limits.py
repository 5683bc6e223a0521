"""How large a network may be. Those who read files ask for it, too, and need no torch."""

from __future__ import annotations

MAX_LAYERS = 512
MAX_SIDE = 1024
MAX_CHANNELS = 4096
MAX_KERNEL = 64
MAX_CLASSES = 1000
MAX_NAME_LENGTH = 60
MAX_PARAMETERS = 150_000_000
MAX_FEATURES = 50_000_000
MAX_ALL_FEATURES = 100_000_000
"""Of one layer, and of all together: a trace holds each as four bytes."""
MAX_SIZE = 100_000
"""The largest number that any size in a description may be."""
