"""How the screen looks: theme, colours, the frame's geometry, letters and lines of text."""
