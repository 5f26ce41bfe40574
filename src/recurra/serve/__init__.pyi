from .app import make_app as make_app
from .client import Client as Client, Refused as Refused
from .options import ServeOptions as ServeOptions
from .server import serve as serve
