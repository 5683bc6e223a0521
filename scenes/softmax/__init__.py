"""Softmax: from scores to probabilities."""
