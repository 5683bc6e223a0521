"""What lies beside the film: captions, poster, manifest."""
