"""Kernel size, padding, stride and dilation, on a small grid."""
