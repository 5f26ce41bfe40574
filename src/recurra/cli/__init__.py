"""The command `recurra`: one file a command. For help, nothing heavy is imported."""
