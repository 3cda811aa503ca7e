"""wrap [options] command [argument...]: run a command several times"""
from optparse import OptionParser


def parse(argv):
    """(options as a dictionary, command with its arguments); ends the program with 2 when something is wrong."""
    parser = OptionParser(usage="wrap [options] command [argument...]")
    parser.disable_interspersed_args()
    parser.add_option("-n", "--times", type="int", default=1)
    parser.add_option("-w", "--wait", type="float", default=0)
    parser.add_option("-k", "--keep", action="store_true")
    parser.add_option("-e", "--env", action="append", default=[])
    options, command = parser.parse_args(argv)
    if not command:
        parser.error("no command")
    return vars(options), command
