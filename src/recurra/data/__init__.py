"""A person's data: tables, texts, series, sequences, their parts, batches and scales. Import its modules by name."""

from recurra.public import by_modules

__getattr__, __dir__ = by_modules(__name__)
