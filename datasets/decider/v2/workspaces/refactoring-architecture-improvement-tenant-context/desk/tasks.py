"""Work for later, in the order in which it was asked for."""
QUEUE = []


def later(function, *arguments):
    QUEUE.append((function, arguments))


def run_all():
    """Results of all tasks, also of those that tasks add; an error's text takes the place of a result."""
    results = []
    while QUEUE:
        function, arguments = QUEUE.pop(0)
        try:
            results.append(function(*arguments))
        except Exception as error:
            results.append(f"{type(error).__name__}: {error}")
    return results
