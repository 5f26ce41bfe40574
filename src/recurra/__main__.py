"""`python -m recurra` is the command `recurra`."""

from recurra.cli.main import main

if __name__ == "__main__":
    main()
