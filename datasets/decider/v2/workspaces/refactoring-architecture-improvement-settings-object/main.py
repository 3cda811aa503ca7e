"""python3 main.py: a small demonstration."""
import sys

from shop.app import App

app = App(lambda url: "1.25", lambda line: print(line, file=sys.stderr))
print(app.add("ada", "tea", 450, 2))
print(app.quote("ada", "USD"))
print(app.checkout("ada"))
