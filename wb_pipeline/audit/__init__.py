"""Questions to the books of record: do they verify, and why did this happen? Nothing here opens the warehouse."""
