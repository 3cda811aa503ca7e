from durations import parse, text

print(text(parse("90m") + parse("30s")))
