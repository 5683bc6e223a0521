"""The whole network as one picture: the photo, a column of tiles for each layer, the answer."""
