"""Structured logs: one JSON line an event, without local variables, so that no typed secret reaches them."""

import structlog


def configure() -> None:
    """Write events as JSON with level and moment; tracebacks carry code lines only."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        cache_logger_on_first_use=False,
    )
