"""ReLU: one rule for every value."""
