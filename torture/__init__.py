"""Attacks on cnnviz: kills, damaged files, full disks, odd calls. See ``python -m torture --help``."""
