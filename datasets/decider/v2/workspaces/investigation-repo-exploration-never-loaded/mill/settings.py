import os


def get(name, default=""):
    return os.environ.get("MILL_" + name, default)


def words(name, default=""):
    return [word for word in get(name, default).split(",") if word]
