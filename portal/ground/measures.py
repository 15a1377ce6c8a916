"""What is counted and timed while the portal runs. No label ever holds a path, a name or anything typed."""

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""The steps of every duration, seconds; the last is how long a writer waits for the lock of SQLite."""

REQUESTS = Counter(
    "mot_cua_requests",
    "Requests answered, by endpoint, method and class of status.",
    ("endpoint", "method", "status"),
)

REQUEST_SECONDS = Histogram(
    "mot_cua_request_seconds", "How long an answer took to make.", ("endpoint",), buckets=SECONDS
)

EVENTS = Counter("mot_cua_events", "Events logged, by name: sign_in_refused, limited, denied.", ("event",))

ERRORS = Counter("mot_cua_errors", "Answers that carry an error number, by kind.", ("kind", "status"))

WRITE_WAIT = Histogram(
    "mot_cua_database_write_wait_seconds",
    "How long a writing transaction waited for the lock of SQLite.",
    buckets=SECONDS,
)

CONNECTIONS_IN_USE = Gauge(
    "mot_cua_database_connections_in_use",
    "Connections that requests hold at this moment.",
    multiprocess_mode="livesum",
)
