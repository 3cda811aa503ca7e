"""Opens and ends sessions."""
import weakref

from desk.session import Session


class Office:
    def __init__(self, bus, journal):
        self.bus, self.journal = bus, journal
        self.sessions = {}
        self.by_user = weakref.WeakValueDictionary()

    def login(self, user):
        session = Session(user, self.bus, self.journal)
        self.sessions[id(session)] = session
        self.by_user[user] = session
        return session

    def logout(self, session):
        session.end()
        del self.sessions[id(session)]
