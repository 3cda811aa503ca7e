"""The catalogue service, as a command: requests in, answers out, one JSON object a line each.

  python3 api.py < requests.jsonl

It keeps its state in remote.json and writes every request and answer to access.jsonl. Nobody else may touch the two.

  {"op": "list", "cursor": C}                 up to 4 items (id, sku, version) by id; "cursor" of the answer is null at the
                                              end; start with null. Any change of the catalogue makes cursors invalid (410).
  {"op": "get", "id": I}                      the whole item
  {"op": "create", "key": K, "sku": S, "title": T, "price": P}
                                              price in cents; a key that was used before gives the old answer, nothing new
  {"op": "update", "id": I, "version": V, "title": T, "price": P}
                                              title, price or both; 409 if the version is not the current one
  {"op": "delete", "id": I, "version": V}     409 likewise
  {"op": "wait", "ticks": N}                  N ticks pass

Every request takes one tick. More than 8 requests (wait is none) within 12 ticks are answered with 429 and not carried
out. 500 means that something went wrong, before or after the request was carried out.
"""
import json
import os
import sys


class Service:
    def __init__(self, state):
        self.s = state

    def answer(self, r):
        s = self.s
        if r["op"] == "wait":
            s["tick"] += r["ticks"]
            return {"status": 200}
        s["tick"] += 1
        s["recent"] = [t for t in s["recent"] if t > s["tick"] - 12]
        if len(s["recent"]) >= 8:
            return {"status": 429, "retry_after": s["recent"][0] + 12 - s["tick"]}
        s["recent"].append(s["tick"])
        return getattr(self, r["op"])(r)

    def trouble(self, op, name):
        """The faults of this week: each happens once."""
        word = f"{op} {name}"
        if word in s_list(self.s, "faults"):
            self.s["faults"].remove(word)
            return True
        return False

    def changed(self):
        self.s["epoch"] += 1

    def list(self, r):
        start = 0
        if r["cursor"] is not None:
            epoch, start = map(int, r["cursor"].split("."))
            if epoch != self.s["epoch"]:
                return {"status": 410}
        items = sorted(self.s["items"], key=lambda i: i["id"])[start:start + 5]
        more = f"{self.s['epoch']}.{start + 4}" if len(items) > 4 else None
        return {"status": 200, "items": [{k: i[k] for k in ("id", "sku", "version")} for i in items[:4]], "cursor": more}

    def find(self, r):
        return next((i for i in self.s["items"] if i["id"] == r["id"]), None)

    def get(self, r):
        item = self.find(r)
        return {"status": 200, "item": dict(item)} if item else {"status": 404}

    def create(self, r):
        if r["key"] in self.s["keys"]:
            return {"status": 201, "id": self.s["keys"][r["key"]]}
        if self.trouble("create before", r["sku"]):
            return {"status": 500}
        self.s["seq"] += 1
        item = {"id": self.s["seq"], "sku": r["sku"], "title": r["title"], "price": r["price"], "origin": "sync", "locked": [], "version": 1}
        self.s["items"].append(item)
        self.s["keys"][r["key"]] = item["id"]
        self.changed()
        if self.trouble("create after", r["sku"]):
            return {"status": 500}
        return {"status": 201, "id": item["id"]}

    def guarded(self, r):
        item = self.find(r)
        if item is None:
            return None, {"status": 404}
        if self.trouble("meanwhile", item["sku"]):
            item.update(title="Edited by hand", locked=["title"], version=item["version"] + 1)
            self.changed()
        if item["version"] != r["version"]:
            return None, {"status": 409}
        return item, None

    def update(self, r):
        item, error = self.guarded(r)
        if error:
            return error
        item.update({k: r[k] for k in ("title", "price") if k in r})
        item["version"] += 1
        self.changed()
        return {"status": 500} if self.trouble("update after", item["sku"]) else {"status": 200, "version": item["version"]}

    def delete(self, r):
        item, error = self.guarded(r)
        if error:
            return error
        self.s["items"].remove(item)
        self.changed()
        return {"status": 500} if self.trouble("delete after", item["sku"]) else {"status": 204}


def s_list(state, name):
    return state.setdefault(name, [])


def run(lines):
    with open("remote.json") as f:
        service = Service(json.load(f))
    out = []
    with open("access.jsonl", "a") as log:
        for line in lines:
            if line.strip():
                request = json.loads(line)
                answer = service.answer(request)
                log.write(json.dumps([request, answer]) + "\n")
                out.append(answer)
    with open("remote.json.new", "w") as f:
        json.dump(service.s, f, indent=1)
    os.replace("remote.json.new", "remote.json")
    return out


if __name__ == "__main__":
    for answer in run(sys.stdin):
        print(json.dumps(answer))
