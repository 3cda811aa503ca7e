"""find [options] [folder...]"""
from optparse import OptionGroup, OptionParser

from sift.options import SizeOption


def add_rule(option, name, value, parser, wanted):
    if parser.values.rules is None:
        parser.values.rules = []
    parser.values.rules.append((wanted, value))


def be_quick(option, name, value, parser):
    parser.values.depth = 1
    parser.values.follow = False


def parse(argv):
    """(options as a dictionary, folders); ends the program with 2 when something is wrong."""
    parser = OptionParser(usage="find [options] [folder...]", version="find 3.1", option_class=SizeOption)
    parser.add_option("-s", "--size", type="size", default="1k", help="smallest size [%default]; 0 takes 100% of the files")
    parser.add_option("-d", "--depth", type="int", help="levels of folders")
    parser.add_option("--between", type="int", nargs=2, metavar="FROM TO", help="ages in days")
    parser.add_option("-v", "--verbose", action="count")
    parser.add_option("--sort", type="choice", choices=["name", "size", "age"], default="name", help="[%default]")
    parser.add_option("--by-size", action="store_const", dest="sort", const="size")
    parser.add_option("-t", "--tag", action="append")
    parser.add_option("-f", "--follow", action="store_true")
    parser.add_option("--no-follow", action="store_false", dest="follow")
    parser.add_option("-q", "--quick", action="callback", callback=be_quick, help="-d 1 --no-follow")
    group = OptionGroup(parser, "Rules", "The last one that fits decides.")
    group.add_option("-i", "--include", action="callback", callback=add_rule, type="string", callback_args=(True,), dest="rules")
    group.add_option("-x", "--exclude", action="callback", callback=add_rule, type="string", callback_args=(False,), dest="rules")
    parser.add_option_group(group)
    options, folders = parser.parse_args(argv)
    if options.between and options.between[0] > options.between[1]:
        parser.error("--between: from > to")
    return vars(options), folders or ["."]
