"""Conversations: what is remembered of each, in this process and in a store that replicas share."""

from routelab_serve.sessions.opening import open_session_store
from routelab_serve.sessions.protocol import ErrorKind, SessionStore
from routelab_serve.sessions.records import Conversation, Session, Warmed, continued
from routelab_serve.sessions.sessions import Lookups, Sessions

__all__ = [
    "Conversation",
    "ErrorKind",
    "Lookups",
    "Session",
    "SessionStore",
    "Sessions",
    "Warmed",
    "continued",
    "open_session_store",
]
