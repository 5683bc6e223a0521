"""The whole story on one picture."""
