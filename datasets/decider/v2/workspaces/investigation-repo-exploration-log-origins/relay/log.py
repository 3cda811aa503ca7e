import configparser
import pathlib

_texts = configparser.ConfigParser(interpolation=None)
_texts.read(pathlib.Path(__file__).with_name("texts.ini"))
AREAS = {"http": "front", "files": "front", "mail": "front", "outbox": "deliver", "retry": "deliver", "peers": "deliver", "guard": "watch"}


class Log:
    def __init__(self, area):
        self.area = area

    def __call__(self, key, **values):
        print(f"{self.area}: " + _texts["texts"][key].format(**values))

    def under(self, name):
        return Log(f"{self.area}/{name}")


def of(module):
    return Log(AREAS[module.rpartition(".")[2]])
