"""Branches meet: their values are added, or their maps put one after another."""
