import configparser


def section(name):
    parser = configparser.ConfigParser()
    parser.read("conf/client.ini")
    return {key: int(value) for key, value in parser[name].items()}
