class Refused(Exception):
    pass


def signed_in(request):
    if not request.get("user"):
        raise Refused("sign in")


def staff(request):
    signed_in(request)
    if not request["user"].get("staff"):
        raise Refused("staff only")


def optional(check):
    """For the migration: a check that is only logged for now."""
    def run(request):
        try:
            check(request)
        except Refused as why:
            request.setdefault("notes", []).append(str(why))
    return run
