from .page import Report as Report, render as render
from .picture import Key as Key, Picture as Picture
from .report import Block as Block, Headline as Headline, Section as Section
from .table import Bar as Bar, Heat as Heat, HeatCell as HeatCell, Table as Table, TableCell as TableCell
from .text import Code as Code, Excerpt as Excerpt, Excerpts as Excerpts, Text as Text
from .token_text import Passage as Passage, Token as Token, TokenText as TokenText
