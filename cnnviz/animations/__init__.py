"""Verbs: how it moves, where Manim's own animations do not serve."""
