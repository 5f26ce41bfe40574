from .checking import ExportReport as ExportReport
from .description import Exportable as Exportable, ExportedModel as ExportedModel
from .exporting import check_export as check_export, export as export
