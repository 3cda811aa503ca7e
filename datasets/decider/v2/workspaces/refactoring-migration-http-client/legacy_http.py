"""Old HTTP helper. Do not use in new code."""
import urllib.error
import urllib.request


def get(url, timeout_ms=5000, retries=0):
    """(status, text); (0, '') when there is no answer."""
    for _ in range(retries + 1):
        try:
            with urllib.request.urlopen(url, timeout=timeout_ms / 1000) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            continue
    return 0, ""
