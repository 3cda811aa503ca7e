"""Prices for the shop pages: many requests ask for the same few articles."""
from loads.loader import Loader


class Prices:
    def __init__(self, api, limit=4):
        self._loader = Loader(api.price, limit)

    async def page(self, articles):
        """(article, price) of all articles, None for those without a price."""
        return [(article, await self._loader.get(article)) for article in articles]

    def changed(self, article):
        self._loader.invalidate(article)
