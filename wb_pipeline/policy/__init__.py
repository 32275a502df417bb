"""The policy: one YAML file -> a checked, typed document -> tables. What gates do with it belongs to the SQL folder."""
