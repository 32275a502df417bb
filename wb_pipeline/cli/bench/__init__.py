"""The commands of `wb bench`, a file for each family of things that are measured."""
