"""Flattening and the linear layer: from maps to a vector to scores."""
