COMMANDS = {}


def command(name):
    def register(function):
        COMMANDS[name] = function
        return function

    return register


def alias(new, old):
    COMMANDS[new] = COMMANDS[old]
