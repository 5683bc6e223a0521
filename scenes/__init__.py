"""The films: a folder each, found through the entry points ``cnnviz.scenes``."""
