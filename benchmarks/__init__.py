"""How fast films are made, compared with Manim's own renderer: ``python -m benchmarks``."""
