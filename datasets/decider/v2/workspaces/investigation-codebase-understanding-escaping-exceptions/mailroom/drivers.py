"""Each function may raise the exceptions its docstring names, exactly these, and no others."""


def connect(box):
    """A list of raw letters. Raises ConnectionRefusedError, TimeoutError."""


def read_index():
    """A list of names, perhaps empty. Raises FileNotFoundError, PermissionError."""


def write_blob(folder, text):
    """Raises InterruptedError, IsADirectoryError, Shutdown."""


def unlink(name):
    """Raises FileNotFoundError, PermissionError, Shutdown."""


def append(line):
    """Raises FileNotFoundError, PermissionError."""


def query(text):
    """A list of names, perhaps empty. Raises sqlite3.OperationalError, TimeoutError."""


def decode(raw):
    """Any list of lines of text, perhaps empty. Raises UnicodeDecodeError."""
