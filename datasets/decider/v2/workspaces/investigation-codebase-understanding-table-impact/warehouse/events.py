import json

HOOKS = {}


def hook(topic):
    def add(function):
        HOOKS.setdefault(topic, []).append(function)
        return function
    return add


def publish(con, topic, **body):
    for function in HOOKS.get(topic, ()):
        function(con, **body)
    if not topic.startswith("_"):
        con.execute("INSERT INTO outbox(topic, body) VALUES (?, ?)", (topic, json.dumps(body)))
