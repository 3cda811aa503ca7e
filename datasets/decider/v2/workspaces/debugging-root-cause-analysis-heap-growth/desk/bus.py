"""Publish and subscribe inside the process."""


class Bus:
    def __init__(self):
        self.handlers = {}

    def subscribe(self, topic, handler):
        self.handlers.setdefault(topic, []).append(handler)

    def unsubscribe(self, topic, handler):
        if handler in self.handlers.get(topic, []):
            self.handlers[topic].remove(handler)

    def publish(self, topic, value):
        for handler in list(self.handlers.get(topic, [])):
            handler(value)
