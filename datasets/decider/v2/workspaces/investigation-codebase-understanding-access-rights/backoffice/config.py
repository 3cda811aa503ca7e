import configparser


def _read(name):
    parser = configparser.ConfigParser()
    parser.read("conf/" + name)
    return parser


def _words(section, key):
    return [w.strip() for w in section.get(key, "").split(",") if w.strip()]


def rules(role, kind):
    return _words(_read("roles.ini")[role], kind)


def role_chain(role):
    while role:
        yield role
        role = _read("roles.ini")[role].get("inherits")


def plan_features(plan):
    found = set()
    while plan:
        section = _read("plans.ini")[plan]
        found.update(_words(section, "features"))
        plan = section.get("inherits")
    return found
