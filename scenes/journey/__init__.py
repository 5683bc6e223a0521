"""One pixel on its way through all layers, and back."""
