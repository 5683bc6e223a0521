"""A course's slides: one for each beat, as HTML (reveal.js) and as PowerPoint."""
