"""What is compared, and how: comparisons, blocking rules and score terms of contacts and companies. Nothing runs here."""
