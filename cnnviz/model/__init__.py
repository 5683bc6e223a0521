"""Plain data: what a network is made of, and everything one picture did in it."""
