"""`python -m fercore COMMAND`."""

from fercore.cli import main

main()
