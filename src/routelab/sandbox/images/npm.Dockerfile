# A package as npm gives it, in /package. Without a registry of images: fetched by this machine's npm.
FROM --platform=linux/amd64 node:22.21.1-bookworm-slim
ARG NAME
ARG VERSION
ARG SHA512
RUN npm pack --silent "${NAME}@${VERSION}" > /name \
 && echo "${SHA512}  $(cat /name)" | sha512sum --check \
 && tar --no-same-owner -xzf "$(cat /name)" -C / \
 && rm "$(cat /name)"
