import sys

import hotpath

from fieldbook import cli

hotpath.run(cli.main, sys.argv[1:])
