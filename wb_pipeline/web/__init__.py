"""The page on which people decide what waits for them. Deciding itself is `review`; no warehouse here."""
