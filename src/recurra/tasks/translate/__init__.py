"""The task translate: any text to any text."""
