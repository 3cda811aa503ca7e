def position(body, t):
    return body.phase + t / body.period
