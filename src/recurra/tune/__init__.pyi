from .page import save_search as save_search
from .options import TuneOptions as TuneOptions
from .search import Search as Search
from .trial import Trial as Trial
from .tuner import tune as tune
