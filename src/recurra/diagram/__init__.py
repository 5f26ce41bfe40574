"""A step as a picture: its dataflow graph in layers, as text or as SVG."""
