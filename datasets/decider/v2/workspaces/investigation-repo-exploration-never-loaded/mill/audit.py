NOTES = []


def install():
    note("installed")


def note(text):
    NOTES.append(text)
