"""Running tasks."""
from mk.graph import order


def build(root, tasks, wanted, run):
    """Run the wanted tasks and all they need below the folder `root` (a pathlib.Path).

    `tasks` maps names to {"needs": [task…], "inputs": [file…], "outputs": [file…], "command": text}, each
    key optional, files relative to root. `run(name, command)` does the work of a task and raises
    an Exception if it fails. Returns {"ran": [name…]}; an exception of `run` goes out.
    """
    report = {"ran": []}
    for name in order(tasks, wanted):
        run(name, tasks[name].get("command", ""))
        report["ran"].append(name)
    return report
