"""Tells people what became of a batch: one message per person and batch, sent once (EXC-2). Decides nothing."""
