# syntax=docker/dockerfile:1
# The wheel is built in one stage and installed in the next, so that the image holds no build tools.

# `make image` gives the base by its digest, and the image says which that was: the same build can be made again.
ARG BASE=python:3.12-slim-bookworm

FROM ${BASE} AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY zou_server ./zou_server
COPY migrations ./migrations
COPY config ./config
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM ${BASE}
ARG BASE
LABEL org.opencontainers.image.base.name="${BASE}" \
      org.opencontainers.image.title="zou-server" \
      org.opencontainers.image.description="One production tracker that gazu, shotgun_api3, ftrack_api and ActiveResource talk to" \
      org.opencontainers.image.licenses="Apache-2.0"
# ffmpeg comes with one of the packages; the versions of all of them are in the lock file.
COPY --from=build /wheels /wheels
COPY requirements.lock /wheels/
RUN python -m pip install --no-cache-dir --constraint /wheels/requirements.lock "$(ls /wheels/*.whl)[embedded,s3]" \
    && rm -rf /wheels
RUN useradd --uid 10001 --no-create-home --home-dir /var/lib/zou-server --shell /usr/sbin/nologin zou \
    && install --directory --owner zou --group zou --mode 0700 /var/lib/zou-server
USER zou
ENV ZOU_SERVER_DATA_DIR=/var/lib/zou-server \
    ZOU_SERVER_HOST=0.0.0.0 \
    PYTHONUNBUFFERED=1
VOLUME /var/lib/zou-server
EXPOSE 5000
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=3 CMD ["zou-server", "is-ready"]
STOPSIGNAL SIGTERM
CMD ["zou-server", "serve"]
