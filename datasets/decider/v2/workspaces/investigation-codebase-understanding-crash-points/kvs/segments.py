import os

from kvs import fileops


def read(folder, name):
    with open(os.path.join(folder, name)) as f:
        return dict(line.rstrip("\n").split("\t") for line in f)


def write(folder, number, rows):
    name = f"{number:04d}.seg"
    path = os.path.join(folder, name)
    fileops.write(path + ".part", "".join(f"{k}\t{v}\n" for k, v in sorted(rows.items())))
    fileops.rename(path + ".part", path)
    return name


def listed(folder):
    return sorted(n for n in os.listdir(folder) if n.endswith(".seg"))


def parts(folder):
    return sorted(n for n in os.listdir(folder) if n.endswith(".part"))
