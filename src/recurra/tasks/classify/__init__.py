"""The task `classify`: which class a text or a sequence of numbers is of."""
