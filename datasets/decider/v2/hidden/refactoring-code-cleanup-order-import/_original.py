"""Import orders from the text format of the old shop."""

_last_id = 0


def last_id():
    """The highest order number imported so far in this process, 0 at first."""
    return _last_id


def import_orders(lines, known, strict=False, log=None):
    """Return (orders, skipped) for lines 'number;customer;article*quantity,article;flags'.

    Numbers of imported orders are added to the set `known`. Events are appended to `log`.
    """
    global _last_id
    orders = []
    skipped = 0
    for line in lines:
        line = line.rstrip("\n")
        if line and not line.startswith("#"):
            parts = line.split(";")
            if len(parts) >= 3:
                try:
                    number = int(parts[0])
                except:
                    number = None
                if number is not None:
                    if number in known:
                        if strict:
                            raise ValueError("duplicate " + parts[0])
                        else:
                            if log is not None:
                                log.append(("duplicate", number))
                            skipped += 1
                    else:
                        customer = parts[1].strip()
                        if customer == "":
                            customer = "guest"
                        items = {}
                        bad = False
                        for chunk in parts[2].split(","):
                            if chunk.strip():
                                if "*" in chunk:
                                    name, _, quantity = chunk.partition("*")
                                    try:
                                        n = int(quantity)
                                    except:
                                        n = 0
                                    if n > 0:
                                        items[name.strip()] = items.get(name.strip(), 0) + n
                                    else:
                                        bad = True
                                        if log is not None:
                                            log.append(("quantity", number, chunk))
                                else:
                                    items[chunk.strip()] = items.get(chunk.strip(), 0) + 1
                        if items and not bad:
                            gift = False
                            express = False
                            if len(parts) > 3:
                                for flag in parts[3]:
                                    if flag == "G":
                                        gift = True
                                    elif flag == "X":
                                        express = True
                                    elif flag != " ":
                                        if strict:
                                            raise ValueError("flag " + flag + " in order " + str(number))
                                        elif log is not None:
                                            log.append(("flag", number, flag))
                            known.add(number)
                            orders.append({"number": number, "customer": customer, "items": items,
                                           "gift": gift, "express": express})
                            if number > _last_id:
                                _last_id = number
                        elif bad and strict:
                            raise ValueError("quantity in order " + str(number))
                        else:
                            if not bad:
                                known.add(number)
                                if log is not None:
                                    log.append(("empty", number))
                            skipped += 1
                else:
                    if strict:
                        raise ValueError("number " + parts[0])
                    skipped += 1
            else:
                if log is not None:
                    log.append(("short", line))
                skipped += 1
    return orders, skipped
