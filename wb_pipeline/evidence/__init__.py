"""Facts about cited evidence. No judging: gates and expectations do that."""
