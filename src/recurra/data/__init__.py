"""A person's data: tables, texts, series, sequences, their parts, batches and scales. Import its modules by name."""
