"""The command `recurra`. For help, nothing heavy is imported."""
