# syntax=docker/dockerfile:1
# The wheel is built in one stage and installed in the next, so that the image holds no build tools.

FROM python:3.12-slim-bookworm AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY zou_server ./zou_server
COPY migrations ./migrations
COPY config ./config
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ffmpeg \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /wheels /wheels
RUN python -m pip install --no-cache-dir "$(ls /wheels/*.whl)[embedded]" && rm -rf /wheels
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
