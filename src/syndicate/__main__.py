"""`python -m syndicate` is the program."""

from syndicate.cli import main

main()
