"""A picture of a page as a file of its own."""

from __future__ import annotations

from recurra.report.palette import PALETTE
from recurra.report.picture import Picture

__all__ = ["standalone_svg"]


def standalone_svg(picture: Picture, /) -> str:
    """Return a picture as an SVG file of its own: light, or dark where the viewer is."""
    light, dark = ("; ".join(f"--{name}: {pair[k]}" for name, pair in PALETTE.items()) for k in (0, 1))
    style = (
        f"<style>:root {{ {light}; font-family: system-ui, sans-serif }} "
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }} svg {{ background: var(--paper) }}</style>"
    )
    opening, rest = picture.wide.split(">", 1)
    return f'{opening} xmlns="http://www.w3.org/2000/svg">{style}{rest}\n'
