ACTIONS = {}


def action(name, feature=None, min_staff_level=1):
    def register(view):
        ACTIONS[name] = {"view": view, "feature": feature, "level": min_staff_level}
        return view

    return register
