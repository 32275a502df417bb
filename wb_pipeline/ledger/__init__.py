"""Books of record: the hash-chained ledger, the sealed decision segments and the archive. Checking them is `audit`."""
