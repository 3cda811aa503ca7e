"""The connection to the database."""
import MySQLdb


def open_store(name):
    """A connection to the database of that name, which has the tables of schema.sql."""
    return MySQLdb.connect(db=name, charset="utf8mb4", sql_mode="TRADITIONAL")
