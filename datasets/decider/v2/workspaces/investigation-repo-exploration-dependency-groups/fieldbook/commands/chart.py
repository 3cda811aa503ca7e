import vxplot

from fieldbook import store

try:
    from pixels import shrink
except ImportError:
    def shrink(picture):
        return picture[:100]


def run(args, settings):
    # vxcolour.palette() gave the colours until 2.0
    picture = vxplot.draw([note.when for note in store.NOTES])
    return shrink(picture) if args.thumbnail else picture
