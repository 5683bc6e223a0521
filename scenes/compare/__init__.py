"""One filter on two pictures, or in two networks, in step."""
