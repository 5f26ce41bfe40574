"""A person's data: tables, times, series, splits, windows and scales. Import its modules by name."""
