"""A small event bus."""
import itertools


class Bus:
    def __init__(self):
        self._by_topic = {}
        self._numbers = itertools.count()

    def subscribe(self, topic, handler, priority=0):
        number = next(self._numbers)
        self._by_topic.setdefault(topic, {})[number] = (priority, handler)

        def end():
            self._by_topic.get(topic, {}).pop(number, None)
        return end

    def once(self, topic, handler, priority=0):
        def call(*args):
            end()
            return handler(*args)
        end = self.subscribe(topic, call, priority)
        return end

    def emit(self, topic, *args):
        if topic == "*":
            raise ValueError(topic)
        waiting = [(-priority, number, name) for name in (topic, "*") for number, (priority, _) in self._by_topic.get(name, {}).items()]
        errors, called = [], 0
        for _, number, name in sorted(waiting):
            entry = self._by_topic.get(name, {}).get(number)
            if entry is not None:
                called += 1
                try:
                    entry[1](*args)
                except Exception as error:
                    errors.append(error)
        if errors:
            raise errors[0]
        return called

    def count(self, topic):
        return len(self._by_topic.get(topic, ()))
