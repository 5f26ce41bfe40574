"""The training loop of all tasks: learners, options, checkpoints that give the same bits, and the model folder."""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__)
