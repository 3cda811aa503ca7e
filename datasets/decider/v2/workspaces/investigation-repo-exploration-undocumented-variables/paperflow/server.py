from paperflow.env import env, env_int, flag


def options():
    return {
        "port": env_int("PORT", 8080),
        "bind": env("BIND", "127.0.0.1"),
        "spool": env("SPOOL", "/var/spool/paperflow"),
        "log_format": env("LOG_FORMAT", "text", prefix=""),
        "metrics": flag("METRICS"),
        # was env("SANDBOX") until 2.0
        "max_upload": env_int("MAX_UPLOAD_MB", 25) * 1024 * 1024,
    }
