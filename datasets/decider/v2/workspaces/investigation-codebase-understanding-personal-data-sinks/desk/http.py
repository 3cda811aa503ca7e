from urllib.parse import urlencode

from desk import clock, log, metrics, sinks
from desk.models import Invalid
from desk.views import ROUTES

HIDDEN = {"email", "iban", "phone"}
SLOW = 2


def handle(request):
    begin = clock.now()
    try:
        status, answer = ROUTES[request.method, request.path](request)
    except Invalid as error:
        status, answer = 400, str(error)
        log.info("refused: %s", error)
    except Exception:
        status, answer = 500, "sorry"
        log.exception("failed: %r", request)
    shown = {k: v for k, v in request.query.items() if k not in HIDDEN}
    sinks.add("access.log", f"{status} {request.method} {request.path}?{urlencode(shown)}")
    metrics.count(request.path, status)
    if clock.now() - begin > SLOW:
        metrics.slow(request)
    return status, answer
