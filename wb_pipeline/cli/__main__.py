"""`python -m wb_pipeline.cli` is `wb`."""

from wb_pipeline.cli.main import main

main()
