"""`python -m routelab` is the `routelab` command."""

from routelab.cli import main

main()
