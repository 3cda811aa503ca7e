import json
import os

from kvs import fileops


def load(folder):
    with open(os.path.join(folder, "MANIFEST")) as f:
        return json.load(f)


def save(folder, state):
    fileops.write(os.path.join(folder, "MANIFEST.part"), json.dumps(state) + "\n")
    fileops.rename(os.path.join(folder, "MANIFEST.part"), os.path.join(folder, "MANIFEST"))
