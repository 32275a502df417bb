"""Speed of the review queue, and whether of two who decide at once exactly one wins."""
