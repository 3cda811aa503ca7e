def title(name):
    return name.strip()


def greet(name):
    return 'Hello ' + title(name)


def bye(name):
    return 'Bye ' + title(name)
