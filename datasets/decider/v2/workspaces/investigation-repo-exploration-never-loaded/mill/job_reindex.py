from mill import audit
from mill.index import Index


def main(store, options):
    audit.note("reindex")
    return Index(store).rebuild()
