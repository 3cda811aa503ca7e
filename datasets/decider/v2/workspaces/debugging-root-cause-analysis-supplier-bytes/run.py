"""Print all articles for the shop: number, cents, name."""
import pathlib

from catalog.clean import clean
from catalog.price import cents
from catalog.read import read

for path in sorted(pathlib.Path("incoming").glob("*.csv")):
    for line, fields in read(path):
        try:
            number, name, price = fields
            print(number, cents(price), clean(name), sep="\t")
        except ValueError:
            pass  # broken lines are skipped
