"""Does cited evidence support the value that is written (EVD-7)? Whether it may be cited at all is for `verify`."""
