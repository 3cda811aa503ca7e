import shapes


def parse(text):
    return shapes.read(text)


def area(note):
    return shapes.area(note.shape)
