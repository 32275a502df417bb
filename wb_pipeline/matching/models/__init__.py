"""What is compared, and how: comparisons, blocking rules, score terms of contacts and companies. Nothing runs here."""
