"""Tagging the tokens of sentences: parts of speech, entities."""
