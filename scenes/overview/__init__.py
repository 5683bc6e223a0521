"""The whole network at work."""
