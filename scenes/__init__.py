"""The films: one file each, found through the entry points ``cnnviz.scenes``."""
