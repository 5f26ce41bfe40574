from .page import lab_page as lab_page
from .server import LabServer as LabServer
from .server import serve_lab as serve_lab
