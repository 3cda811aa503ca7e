from mailroom import drivers


def release():
    try:
        drivers.unlink("lock")
    finally:
        return
