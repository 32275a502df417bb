"""Tests of the SQL folder itself: gate cases, what every file must have, and the same rows under dbt."""
