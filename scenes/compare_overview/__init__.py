"""The whole network on two pictures, or two networks on one, layer by layer side by side."""
