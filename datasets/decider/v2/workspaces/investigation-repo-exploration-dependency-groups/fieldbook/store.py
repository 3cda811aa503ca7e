NOTES = []


def append(note):
    NOTES.append(note)
    return len(NOTES)


def workbook():
    from cells import Book

    book = Book()
    for note in NOTES:
        book.add(note.text, note.when)
    return book


def sealed(data):
    from vxseal import seal

    return seal(data)


def plain(data):
    return repr(data).encode()
