"""A person's data: tables, texts, series, labelled and tagged sequences; their split, batches and scales."""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__)
