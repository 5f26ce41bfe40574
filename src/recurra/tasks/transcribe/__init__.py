"""Transcripts: which text a sequence of sound, frames, pen strokes or the columns of a line of writing holds."""
