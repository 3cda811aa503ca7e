"""A small event bus."""


class Bus:
    """Handlers by topic.

    - `subscribe(topic, handler, priority=0)` returns a function without arguments that ends this subscription; calling it
      again does nothing. A handler that was subscribed twice is called twice, and each subscription ends on its own.
    - `once(topic, handler, priority=0)` is a subscription that ends right before its first call, so its handler may even
      emit the topic again without being called again. It returns the same kind of function.
    - `emit(topic, *args)` calls the handlers of the topic and those of "*" (any topic) with the arguments, higher priority first,
      those of the same priority in the order in which they were subscribed, whichever of the two topics they have. It returns how many were called.
      What a handler returns does not matter. Emitting "*" itself raises ValueError.
    - Who is subscribed during an emit is not called by it (but by an emit inside it that begins later). A subscription that ends
      during an emit before its turn is not called.
    - An Exception of a handler does not keep the others from being called; when all are through, the first one is raised.
    - `count(topic)` tells how many subscriptions the topic itself has, without those of "*" (unless it is asked for "*").
    """

    def __init__(self):
        self._subscriptions = []  # in order of subscription

    def subscribe(self, topic, handler, priority=0):
        return self._add(topic, handler, priority, False)

    def once(self, topic, handler, priority=0):
        return self._add(topic, handler, priority, True)

    def _add(self, topic, handler, priority, once):
        subscription = Subscription(topic, handler, priority, once)
        self._subscriptions.append(subscription)
        return lambda: self._end(subscription)

    def _end(self, subscription):
        if subscription.active:
            subscription.active = False
            self._subscriptions.remove(subscription)

    def emit(self, topic, *args):
        if topic == "*":
            raise ValueError("a topic is wanted")
        chosen = [s for s in self._subscriptions if s.topic in (topic, "*")]
        chosen.sort(key=lambda s: -s.priority)
        called, first_error = 0, None
        for subscription in chosen:
            if not subscription.active:
                continue
            if subscription.once:
                self._end(subscription)
            called += 1
            try:
                subscription.handler(*args)
            except Exception as error:
                first_error = first_error or error
        if first_error is not None:
            raise first_error
        return called

    def count(self, topic):
        return sum(s.topic == topic for s in self._subscriptions)


class Subscription:
    def __init__(self, topic, handler, priority, once):
        self.topic, self.handler, self.priority, self.once = topic, handler, priority, once
        self.active = True
