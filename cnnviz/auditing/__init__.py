"""Whether a scene's stage is in order: legible, inside the frame, and true."""
