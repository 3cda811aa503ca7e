"""A copy of the board on somebody's device."""
import copy


class Replica:
    def __init__(self, server):
        self._server = server
        self.board, _ = server.get()
        self.base = copy.deepcopy(self.board)  # the server's board this copy began with
        self.conflicts = []  # of the last sync

    def sync(self):
        """Store our board on the server, whatever is there."""
        _, revision = self._server.get()
        self._server.put(self.board, revision)
        self.base = copy.deepcopy(self.board)
