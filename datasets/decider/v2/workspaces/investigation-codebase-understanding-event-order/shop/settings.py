PLUGINS = ["audit", "stock", "billing", "loyalty", "mail"]
TRADE_CREDIT_LIMIT = 500
STOCK = {"KETTLE-1": 4, "LAMP-7": 0, "MUG-2": 60}
PRICES = {"KETTLE-1": 39, "LAMP-7": 85, "MUG-2": 6}
