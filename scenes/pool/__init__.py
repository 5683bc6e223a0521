"""Max pooling: windows and their winners."""
