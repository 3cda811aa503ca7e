import configparser


def load():
    parser = configparser.ConfigParser()
    parser.read("conf/depot.ini")
    return parser


def words(text):
    return [w.strip() for w in text.split(",") if w.strip()]
