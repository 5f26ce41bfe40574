from .audio import read_recordings as read_recordings, read_sound as read_sound
from .augment import Augmentation as Augmentation, joined as joined
from .batching import (
    BatchOptions as BatchOptions,
    batches as batches,
    packed as packed,
    padded as padded,
    truncated as truncated,
)
from .corpus import (
    Corpus as Corpus,
    VaryingLength as VaryingLength,
    bptt_batches as bptt_batches,
    read_corpus as read_corpus,
)
from .covariates import calendar_features as calendar_features, suggested_calendar as suggested_calendar
from .files import (
    ImageFormat as ImageFormat,
    SoundFormat as SoundFormat,
    TableFormat as TableFormat,
    read_text_stream as read_text_stream,
)
from .forecast_scores import (
    Scores as Scores,
    conformal_offsets as conformal_offsets,
    score as score,
    seasonal_naive as seasonal_naive,
    seasonal_naive_error as seasonal_naive_error,
)
from .labelled import (
    LabelledSequences as LabelledSequences,
    SequenceColumns as SequenceColumns,
    read_labelled as read_labelled,
)
from .pairs import (
    PairColumns as PairColumns,
    TextPairs as TextPairs,
    read_pairs as read_pairs,
    read_texts as read_texts,
)
from .panel import (
    Columns as Columns,
    Panel as Panel,
    append_rows as append_rows,
    concatenate_panels as concatenate_panels,
)
from .panel_reading import read_panel as read_panel
from .scaling import ChannelScale as ChannelScale, fit_channels as fit_channels, window_scale as window_scale
from .sentences import (
    ConllColumns as ConllColumns,
    TaggedSentences as TaggedSentences,
    TokenColumns as TokenColumns,
    plain_sentences as plain_sentences,
    read_conll as read_conll,
    sentences_of as sentences_of,
    table_sentences as table_sentences,
    with_tags as with_tags,
)
from .split import (
    PanelSplit as PanelSplit,
    Repeats as Repeats,
    Share as Share,
    Split as Split,
    repeated_rows as repeated_rows,
    split_at_random as split_at_random,
    split_by_file as split_by_file,
    split_by_flag as split_by_flag,
    split_by_group as split_by_group,
    split_by_time as split_by_time,
    split_panel as split_panel,
)
from .steps import Step as Step
from .synthetic import (
    ADDING_BASELINE as ADDING_BASELINE,
    NOT_ASKED as NOT_ASKED,
    adding_problem as adding_problem,
    associative_recall as associative_recall,
    copy_memory as copy_memory,
    copy_memory_baseline as copy_memory_baseline,
    selective_copying as selective_copying,
)
from .tables import Table as Table, read_table as read_table, scan_rows as scan_rows
from .tags import (
    Marks as Marks,
    Span as Span,
    check_tags as check_tags,
    converted_tags as converted_tags,
    find_marks as find_marks,
    spans as spans,
)
from .times import Times as Times
from .tokens import (
    TokenOptions as TokenOptions,
    Tokenizer as Tokenizer,
    fit_tokenizer as fit_tokenizer,
    tokenizer_from_json as tokenizer_from_json,
)
from .vocabulary import (
    Vocabulary as Vocabulary,
    WordVectors as WordVectors,
    most_frequent as most_frequent,
    read_vectors as read_vectors,
)
