from desk import i18n

ENTRIES = [("menu.berths", "/berths"), ("menu.ships", "/ships")]


def entries():
    return [(i18n.t(key), url) for key, url in ENTRIES]
