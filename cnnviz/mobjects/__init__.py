"""Nouns: what is drawn."""
