"""Three addresses for load balancers and monitoring; only the first is for everybody."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from portal.web import context, health, metrics
from portal.web.guard import open_to_all
from portal.web.watching import only_watchers

bp = Blueprint("watch", __name__)
open_to_all(bp)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Say that this process answers; asks nothing of the database."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Say part by part whether requests can be served; 503 when one cannot."""
    only_watchers()
    parts = health.parts()
    ready = all(said in health.GOOD for said in parts.values())
    return jsonify(ready=ready, parts=parts, release=context.release()), 200 if ready else 503


@bp.get("/metrics")
def measured() -> ResponseReturnValue:
    """Give the measures to Prometheus."""
    only_watchers()
    return Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)
