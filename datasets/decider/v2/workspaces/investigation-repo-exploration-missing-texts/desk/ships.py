from desk.i18n import t

COLUMNS = ("arrival", "departure", "draught", "laytime")


def header():
    return [t("ship." + column) for column in COLUMNS]


def old_header():
    # until 1.4: [t("ship.flag"), t("ship.owner")]
    return ["Flag", "Owner"]
