"""The convolution: one filter, from its first product to the finished map."""
