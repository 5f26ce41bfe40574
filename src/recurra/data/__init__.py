"""A person's data: tables, texts, series, labelled and tagged sequences; their split, batches and scales."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
