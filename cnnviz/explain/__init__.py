"""What the numbers mean: pure functions on a Trace, with neither torch nor manim.

Every scene and every report asks here and draws the answer. One module per question:

================= =======================================================================
places            which layer, channel, pixel or class is meant, and whether it exists
interest          which channel and pixel are worth looking at when nobody says
windows           how a sliding window lies on its input
walks             where a window goes next when a few positions are shown
convolution       every term of one output of a convolution
shown_convolution the same, as it is written on screen
relu              what is clipped, and how values are distributed
pooling           who wins each window, who ties, and who is never looked at
flattening        where a cell lands in the vector, and what it adds to a score
softmax           from scores to probabilities, term by term
fields            what a cell sees (receptive field), what a pixel reaches (projective field)
influence         how much of every later value comes from one pixel
strongest_path    the one way through the network that adds most to a score
journey           one pixel followed through the network
edges             which maps each map is made from, and what comes over each edge
paths             over which edges most comes from the picture to a score
scaling           over which values a colour scale runs
rounding          how a number is written
quantity          one written number and what it stands for
================= =======================================================================
"""
