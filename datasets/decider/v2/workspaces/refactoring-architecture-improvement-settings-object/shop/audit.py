"""The audit log."""
import os

MASK = os.environ.get("SHOP_MASK_USERS", "no") == "yes"


def note(write, user, text):
    if os.getenv("SHOP_AUDIT", "on") == "off":
        return
    name = user[:1] + "***" if MASK else user
    write(f"{os.environ.get('SHOP_NAME', 'shop')}: {name}: {text}")
