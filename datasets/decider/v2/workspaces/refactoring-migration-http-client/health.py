"""Which services fail."""
import legacy_http as http


def failing(urls):
    """{url: status} of all services that do not answer 2xx; 0 for no answer."""
    found = {}
    for url in urls:
        status = http.get(url, 250, 1)[0]
        if not 200 <= status < 300:
            found[url] = status
    return found
