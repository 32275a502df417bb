"""Tests of the renderer and builder of the SQL project, on small projects of their own."""
