"""From a request to finished files: the network at work, the film, and what lies beside it."""
