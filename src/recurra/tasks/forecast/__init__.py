"""Forecasting series of numbers from their own past."""
