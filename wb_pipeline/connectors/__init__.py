"""Where CRM records and evidence come from, and how a pull is kept. Only this package knows vendors' formats."""
