import os


def write(path, text):
    with open(path + "~", "w") as f:
        f.write(text)
    os.replace(path + "~", path)


def append(path, text):
    with open(path, "a") as f:
        f.write(text)


def rename(old, new):
    os.replace(old, new)


def remove(path):
    os.unlink(path)
