"""What a person does with their own data. Nothing heavy is imported before it is used."""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__)
