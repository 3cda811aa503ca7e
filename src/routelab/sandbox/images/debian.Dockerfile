# Debian with what golden cases and agents need. Without a registry: made of this machine's packages.
FROM --platform=linux/amd64 debian:bookworm-20251229-slim
COPY packages.txt /tmp/
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(cat /tmp/packages.txt) \
 && rm -rf /var/lib/apt/lists/* /tmp/packages.txt
