"""What was computed once is not computed again: kept by content, in the user's cache folder.

Nothing here imports Manim or torch, so that a film that did not change is there at once.
"""
