def strip(text, end):
    return text[: -len(end)] if text.endswith(end) else text


def number(text):
    return int("".join(c for c in text if c.isdigit()) or 0)


class Xml:
    def read(self, body):
        return body.split("<row>")[1:]
