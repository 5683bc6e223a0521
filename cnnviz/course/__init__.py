"""A course: many films from one file, only what is missing or stale, here or on many machines."""
