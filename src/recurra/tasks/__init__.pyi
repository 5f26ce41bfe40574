from .classify.estimator import SequenceClassifier as SequenceClassifier
from .classify.options import ClassifyOptions as ClassifyOptions
from .cost import cost_of as cost_of
from .estimator import Estimator as Estimator
from .forecast.estimator import Forecaster as Forecaster
from .forecast.options import ForecastOptions as ForecastOptions
from .language.estimator import LanguageModel as LanguageModel
from .language.options import GenerateOptions as GenerateOptions, LanguageOptions as LanguageOptions
from .model import Sources as Sources
from .tag.estimator import SequenceTagger as SequenceTagger
from .tag.options import TagOptions as TagOptions
from .transcribe.estimator import Transcriber as Transcriber
from .transcribe.options import TranscribeOptions as TranscribeOptions
from .translate.estimator import Translator as Translator
from .translate.options import DecodeOptions as DecodeOptions, TranslateOptions as TranslateOptions
