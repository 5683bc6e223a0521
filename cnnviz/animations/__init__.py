"""Verbs: how it moves: what Manim's own animations lack, and the journey over its stage."""
