# syntax=docker/dockerfile:1
ARG PYTHON=3.13

FROM python:${PYTHON}-slim-bookworm AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_NO_CACHE=1
RUN pip install --no-cache-dir --disable-pip-version-check "uv>=0.9,<1"
WORKDIR /app
# What others wrote changes rarely: its own layer.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project --extra redis
COPY README.md LICENSE alembic.ini ./
COPY alembic alembic
COPY service service
RUN uv sync --frozen --no-dev --no-editable --extra redis

FROM python:${PYTHON}-slim-bookworm
RUN groupadd --gid 10001 muster \
    && useradd --uid 10001 --gid muster --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin muster
COPY --from=build /app/.venv /app/.venv
# Nothing is written outside /tmp, so the root file system may be read-only.
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MUSTER_HOST=0.0.0.0 \
    MUSTER_PORT=8000 \
    MUSTER_HOME=/tmp/muster \
    MUSTER_LOG__FORMAT=json
WORKDIR /tmp
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['MUSTER_PORT']}/livez\", timeout=2)"]
ENTRYPOINT ["muster"]
CMD ["serve"]
