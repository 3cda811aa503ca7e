"""Orders."""
from dataclasses import dataclass, field


@dataclass
class Order:
    customer: str
    lines: dict = field(default_factory=dict)

    def total(self):
        """Total in cents with the customer's discount, rounded down."""
        from shop import pricing
        percent = {"gold": 10, "silver": 5}.get(self.customer_tier(), 0)
        return sum(pricing.price_of(sku) * n for sku, n in self.lines.items()) * (100 - percent) // 100

    def customer_tier(self):
        from shop import customers
        return customers.tier_of(self.customer)
