from depot import reports


def retrying(function):
    def wrapper(*args):
        for _ in range(3):
            with_errors = function(*args)
            if not with_errors:
                break

    return wrapper


class Sender:
    def go(self, lines):
        self.sent = [frame(line) for line in lines]


@retrying
def send():
    Sender().go(map(str, reports.rows()))


def frame(line):
    return f"{len(line)}:{line}"


def fetch(name):
    try:
        with open(name) as f:
            return f.read()
    except OSError:
        return sync(name)


def sync(name):
    return fetch(name + ".old")


def write(path, rows):
    with open(path, "w") as f:
        f.write("\n".join(map(frame, map(str, rows))))
