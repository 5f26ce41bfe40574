from .averaging import AveragedWeights as AveragedWeights
from .batches import Batches as Batches, Shuffled as Shuffled, TensorBatches as TensorBatches
from .checkpoints import checkpoint_folder as checkpoint_folder, remove_checkpoints as remove_checkpoints
from .distributed import first_process as first_process
from .history import History as History, Training as Training
from .learner import (
    Learner as Learner,
    Monitor as Monitor,
    Sum as Sum,
    Supervised as Supervised,
    start_from as start_from,
)
from .loop import Surroundings as Surroundings, train as train
from .model_folder import (
    find_model as find_model,
    locked as locked,
    read_model_folder as read_model_folder,
    write_model_folder as write_model_folder,
)
from .optimiser import make_optimiser as make_optimiser
from .option_fields import (
    Among as Among,
    Around as Around,
    Between as Between,
    Described as Described,
    as_dictionary as as_dictionary,
    option_fields as option_fields,
)
from .options import TrainingOptions as TrainingOptions
from .rate_finder import RateSearch as RateSearch, find_learning_rate as find_learning_rate
