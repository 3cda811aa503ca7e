"""Ticket system, command line.

  python3 tickets.py list [--page N]        id, state, version; 5 tickets a page, the last line says how many pages there are
  python3 tickets.py show ID                one ticket as JSON
  python3 tickets.py close ID --version N --reason TEXT
  python3 tickets.py comment ID --version N --text TEXT

Every change raises the version of the ticket by one and needs the version it had before.
"""
import json
import sys


def load():
    with open("tickets.json") as f:
        return {t["id"]: t for t in json.load(f)}


def save(tickets, **entry):
    with open("tickets.json", "w") as f:
        json.dump(list(tickets.values()), f, indent=1)
    with open("changes.log", "a") as f:
        f.write(json.dumps(entry, sort_keys=True) + "\n")


def option(args, name, default=None):
    return args[args.index(name) + 1] if name in args else default


def main(args):
    tickets = load()
    command = args[0] if args else ""
    if command == "list":
        page, rows = int(option(args, "--page", "1")), sorted(tickets.values(), key=lambda t: t["id"])
        for t in rows[5 * page - 5:5 * page]:
            print(t["id"], t["state"], t["version"], sep="\t")
        print(f"page {page} of {-(-len(rows) // 5)}")
    elif command == "show":
        print(json.dumps(tickets[int(args[1])], indent=1))
    elif command in ("close", "comment"):
        t = tickets[int(args[1])]
        if int(option(args, "--version", "-1")) != t["version"]:
            sys.exit(f"conflict: ticket {t['id']} has version {t['version']}")
        t["version"] += 1
        if command == "close":
            if t["state"] == "closed":
                sys.exit("closed already")
            t["state"], t["reason"] = "closed", option(args, "--reason", "")
        else:
            t["comments"].append({"by": "staff", "at": "2031-03-01T09:00:00Z", "text": option(args, "--text")})
        save(tickets, op=command, id=t["id"], version=t["version"])
    else:
        print(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
