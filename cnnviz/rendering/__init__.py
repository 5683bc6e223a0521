"""The renderer: from a Manim scene to a finished MP4.

The only room that touches Manim's config, camera, file writer and private names. Start with
:mod:`cnnviz.rendering.film` (what others call) and :mod:`cnnviz.rendering.renderer` (the frame
loop).
"""
