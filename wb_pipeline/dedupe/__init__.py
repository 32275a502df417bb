"""Duplicates in the CRM: clusters of records, ids that stay, who survives a merge, what people said. Scores nothing."""
