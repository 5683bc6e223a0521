"""The command line: one Click command a module, thin over the library."""

from cnnviz.cli.main import main

__all__ = ["main"]
