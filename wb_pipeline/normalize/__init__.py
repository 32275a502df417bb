"""Pure functions that bring values into one form. No files, no database, no policy."""
