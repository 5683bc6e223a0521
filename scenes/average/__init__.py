"""Average pooling: windows and their means."""
