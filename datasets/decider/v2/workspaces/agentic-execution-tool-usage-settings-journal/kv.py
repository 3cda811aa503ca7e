"""Settings store: an append-only journal with a hash chain.

  python3 kv.py list [PREFIX]            key, revision and value, tab separated
  python3 kv.py get KEY
  python3 kv.py put KEY VALUE --rev N    N is the revision the key has now, 0 for a new key
  python3 kv.py del KEY --rev N
  python3 kv.py seal                     writes a seal; at most 6 changes may follow a seal
  python3 kv.py verify
"""
import hashlib
import json
import sys

FILE = "settings.journal"


def digest(entry):
    body = {k: v for k, v in entry.items() if k != "sum"}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def load():
    with open(FILE, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def replay(entries):
    state, prev, loose = {}, "0" * 16, 0
    for n, e in enumerate(entries, 1):
        if e["n"] != n or e["prev"] != prev or e["sum"] != digest(e):
            raise SystemExit(f"entry {n}: chain broken")
        prev = e["sum"]
        loose = 0 if e["op"] == "seal" else loose + 1
        if loose > 6:
            raise SystemExit(f"entry {n}: seal missing")
        if e["op"] == "put":
            state[e["key"]] = (state.get(e["key"], (0, ""))[0] + 1, e["value"])
        elif e["op"] == "del":
            del state[e["key"]]
    return state, prev, loose


def append(entries, prev, **what):
    entry = {"n": len(entries) + 1, "prev": prev, **what}
    entry["sum"] = digest(entry)
    with open(FILE, "a", encoding="utf-8") as f:
        f.write(json.dumps(entry, sort_keys=True) + "\n")


def main(args):
    entries = load()
    state, prev, loose = replay(entries)
    command = args[0] if args else "help"
    if command == "list":
        for key in sorted(state):
            if key.startswith(args[1] if len(args) > 1 else ""):
                print(key, *state[key], sep="\t")
    elif command == "get":
        if args[1] not in state:
            raise SystemExit("no such key")
        print(state[args[1]][1])
    elif command in ("put", "del"):
        key = args[1]
        if int(args[args.index("--rev") + 1]) != state.get(key, (0,))[0]:
            raise SystemExit("conflict: revision is " + str(state.get(key, (0,))[0]))
        if loose >= 6:
            raise SystemExit("seal first")
        what = {"value": args[2]} if command == "put" else {}
        append(entries, prev, op=command, key=key, **what)
    elif command == "seal":
        append(entries, prev, op="seal")
    elif command == "verify":
        print("ok", len(entries), "entries")
    else:
        print(__doc__)


main(sys.argv[1:])
