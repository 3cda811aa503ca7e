class MailroomError(Exception):
    pass


class Transient(MailroomError):
    pass


class Busy(Transient):
    pass


class GaveUp(Transient):
    pass


class NotThere(MailroomError, LookupError):
    pass


class Refused(MailroomError):
    pass


class Shutdown(BaseException):
    """The host is going down."""
