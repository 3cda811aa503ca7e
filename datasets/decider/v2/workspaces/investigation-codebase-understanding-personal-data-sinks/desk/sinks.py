import os


def add(name, line):
    os.makedirs("var", exist_ok=True)
    with open("var/" + name, "a") as f:
        f.write(line + "\n")
