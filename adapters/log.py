"""One line of JSON a log entry on standard error, or coloured text where a person watches."""

import logging
import sys

import structlog

CHATTY = (
    "alembic",  # each migration's context
    "asyncio",
    "iotcore",  # the broker's own start and stop, which `up` tells in its words
    "uvicorn",  # each request, each live page's connection opened and closed
    "websockets",
    "engineio",
    "socketio",
)
"""Libraries that tell at level info what only a search for a fault needs."""


def configure(level: str = "info", *, json: bool | None = None) -> None:
    """Set up logging for the whole process; the libraries' own records come out in the same form.

    Chatty libraries are heard from their warnings on; at level debug, whole.
    """
    plain = sys.stderr.isatty() if json is None else not json
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # The console writes tracebacks itself; rich ones would show local variables, passwords among them.
    render: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if plain
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    quiet = logging.NOTSET if root.level <= logging.DEBUG else max(root.level, logging.WARNING)
    for name in CHATTY:
        logging.getLogger(name).setLevel(quiet)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Give the logger of one module."""
    log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return log
