"""report.py FIRST LAST: print the total of each local day."""
import sys
from datetime import date, timedelta

from shop.days import total
from shop.sales import read

sales = read("sales.csv")
day, last = map(date.fromisoformat, sys.argv[1:3])
while day <= last:
    print(day, total(sales, day))
    day += timedelta(days=1)
