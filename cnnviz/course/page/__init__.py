"""A course's page: a folder that plays all films without a server."""
