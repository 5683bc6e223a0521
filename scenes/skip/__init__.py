"""Skip connections: two branches meet, and their values are added."""
