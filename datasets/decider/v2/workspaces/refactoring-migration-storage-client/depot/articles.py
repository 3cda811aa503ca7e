"""Articles: 'article/<sku>' -> {'name': str, 'price': EUR as float, 'tags': [str]}"""


def save_article(store, sku, name, price, tags=()):
    """Create or overwrite an article."""
    store.put(f"article/{sku}", {"name": name, "price": price, "tags": sorted(set(tags))})


def article(store, sku):
    """{'name', 'price', 'tags'}, or None. The caller may change what it gets."""
    return store.get(f"article/{sku}")


def add_tag(store, sku, tag):
    """Add a tag and return all tags, sorted; KeyError for an unknown article."""
    def change(value):
        if value is None:
            raise KeyError(sku)
        value["tags"] = sorted({*value["tags"], tag})
        return value
    return store.update(f"article/{sku}", change)["tags"]


def raise_prices(store, percent):
    """Raise all prices, rounded to whole cents (halves up); returns how many articles were changed."""
    changed = 0
    for key in store.all_keys("article/"):
        value = store.get(key)
        price = int(value["price"] * 100 * (100 + percent) / 100 + 0.5) / 100
        if price != value["price"]:
            store.put(key, {**value, "price": price})
            changed += 1
    return changed
