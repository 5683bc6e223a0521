"""What ``import cnnviz`` offers: the calls behind its names."""
