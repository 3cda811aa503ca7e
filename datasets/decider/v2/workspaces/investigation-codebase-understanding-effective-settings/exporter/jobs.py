HARD_LIMIT = 6000


def _get(settings, job, key, default=None):
    for section in ("job:" + job, "jobs", "defaults"):
        if key in settings.get(section, {}):
            return settings[section][key]
    return default


def plan(job, settings):
    rows = int(_get(settings, job, "rows", 100))
    workers = int(_get(settings, job, "workers", 1))
    timeout = int(_get(settings, job, "timeout_s", 30))
    if _get(settings, job, "mode") == "bulk":
        rows *= 4
        timeout += 15 * workers
    return {"rows_per_batch": min(rows, HARD_LIMIT // workers), "workers": workers, "timeout_s": timeout}
