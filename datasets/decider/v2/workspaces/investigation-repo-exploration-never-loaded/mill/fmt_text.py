import sys

if sys.version_info < (3, 9):
    from mill.fmt_legacy import strip
else:
    strip = str.removesuffix


class Csv:
    separator = ","

    def read(self, body):
        return [strip(line, self.separator).split(self.separator) for line in body.splitlines()]


class Tab(Csv):
    separator = "\t"
