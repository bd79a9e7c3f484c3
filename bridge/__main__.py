"""python -m bridge: the command line, where its script is not on the PATH."""

from bridge.cli import main

main()
