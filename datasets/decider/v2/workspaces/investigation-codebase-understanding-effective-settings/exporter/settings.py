import configparser
import pathlib

CONF = pathlib.Path(__file__).parent.parent / "conf"


def _read(path):
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(path, encoding="utf-8")
    return {name: dict(parser[name]) for name in parser.sections()}


def _profiles(name):
    data = _read(CONF / "profiles" / (name + ".ini"))
    parent = data.pop("profile", {}).get("extends")
    return (_profiles(parent) if parent else []) + [data]


def _merge(low, high):
    out = {section: dict(values) for section, values in low.items()}
    for section, values in high.items():
        target = out.setdefault(section, {})
        for key, value in values.items():
            if value.startswith("*"):
                target[key] = str(int(target[key]) * int(value[1:]))
            elif value == "unset":
                target.pop(key, None)
            else:
                target[key] = value
    return out


def load(profile, host):
    """base, then the host, then the profile with its parents."""
    settings = _merge(_read(CONF / "base.ini"), _read(CONF / "hosts" / (host + ".ini")))
    for layer in _profiles(profile):
        settings = _merge(settings, layer)
    return settings
