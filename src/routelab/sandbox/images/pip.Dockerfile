# Python packages by hash, in /package. Without a registry of images: fetched by this machine's pip.
FROM --platform=linux/amd64 python:3.11.14-slim-bookworm
COPY requirements.txt /
RUN pip install --no-cache-dir --no-compile --no-deps --require-hashes --only-binary :all: \
    --target /package -r /requirements.txt
