from .blocks import (
    Bar as Bar,
    Code as Code,
    Excerpt as Excerpt,
    Excerpts as Excerpts,
    Heat as Heat,
    HeatCell as HeatCell,
    Table as Table,
    TableCell as TableCell,
    Text as Text,
)
from .classes import (
    attention_picture as attention_picture,
    calibration_picture as calibration_picture,
    class_counts as class_counts,
    class_scores as class_scores,
    confusion_heat as confusion_heat,
    entity_scores as entity_scores,
    frequent_errors as frequent_errors,
    roc_picture as roc_picture,
)
from .distributions import (
    histogram_picture as histogram_picture,
    length_picture as length_picture,
    position_picture as position_picture,
    residual_picture as residual_picture,
    samples as samples,
    value_picture as value_picture,
    zipf_picture as zipf_picture,
)
from .drawing import (
    label_axes as label_axes,
    label_steps as label_steps,
    log_scale as log_scale,
    picture as picture,
    rastered as rastered,
)
from .forecast import (
    error_by_step_picture as error_by_step_picture,
    errors_by_series as errors_by_series,
    fan_picture as fan_picture,
    series_picture as series_picture,
    windows_picture as windows_picture,
)
from .numbers import aligned as aligned, counted as counted, percent as percent, plain as plain, shortened as shortened
from .page import Block as Block, Headline as Headline, Report as Report, Section as Section, render as render
from .recordings import (
    Image as Image,
    Images as Images,
    Recording as Recording,
    Recordings as Recordings,
    alignment_picture as alignment_picture,
    wav_bytes as wav_bytes,
)
from .svg import Key as Key, Picture as Picture, sentinel as sentinel, standalone_svg as standalone_svg
from .tables import (
    duration as duration,
    environment_table as environment_table,
    missing_table as missing_table,
    options_tables as options_tables,
    timing_table as timing_table,
)
from .tokens import (
    Passage as Passage,
    Token as Token,
    TokenText as TokenText,
    attention_map as attention_map,
    attention_passage as attention_passage,
    attention_text as attention_text,
    most_surprising as most_surprising,
    surprise_text as surprise_text,
    tagged_passage as tagged_passage,
    tagged_text as tagged_text,
)
from .training import (
    finder_picture as finder_picture,
    gradient_norm_picture as gradient_norm_picture,
    learning_rate_picture as learning_rate_picture,
    loss_picture as loss_picture,
    measure_picture as measure_picture,
    training_pictures as training_pictures,
)
