"""The command line `wb`. Each command is a module of its own, imported only when it is called."""

from wb_pipeline.cli.main import main

__all__ = ["main"]
