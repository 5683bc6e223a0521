"""Attacks on cnnviz: kills, damaged files, full disks, odd calls (``make torture``)."""
