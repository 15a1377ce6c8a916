"""The factory: puts ground, web and sites together."""

from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import cli, reactions
from portal.ground.config import Settings, from_environment
from portal.seed.registers import DemonstrationRegisters
from portal.sites import admin, citizen, post, public, signin, ward, watch
from portal.web import (
    assets,
    context,
    errors,
    formats,
    guard,
    i18n,
    identity,
    journal,
    logs,
    metrics,
    page,
    registers,
    security,
    watching,
)

ROOT = Path(__file__).parent.parent

SITES = (public.bp, signin.bp, citizen.bp, *ward.blueprints, *post.blueprints, *admin.blueprints, watch.bp)

READINGS = (metrics.LEDGER, metrics.JOBS)
"""What is asked from the database for /metrics."""


def create_app(settings: Settings | None = None, clock: context.Clock | None = None) -> Flask:
    """Build the application; *settings* come from the environment unless given."""
    logs.configure()
    settings = settings or from_environment()
    app = Flask("portal", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.cookie_key(),
        TRUSTED_HOSTS=settings.hosts,
        MAX_CONTENT_LENGTH=settings.request_max_bytes,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # A token lives as long as its session.
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _install(app, settings, clock)
    for blueprint in SITES:
        app.register_blueprint(blueprint)
    cli.install(app)
    return app


def _install(app: Flask, settings: Settings, clock: context.Clock | None) -> None:
    journal.watch(app)
    context.install(app, settings=settings, clock=clock)
    invented = DemonstrationRegisters() if settings.demonstration else None
    registers.install(app, settings.registers() or invented)
    app.extensions["jobs"].follow(reactions.is_followed)
    identity.install(app, https=settings.is_https)
    guard.install(app)
    errors.install(app)
    formats.install(app)
    page.install(app)
    security.install(app, https=settings.is_https)
    i18n.install(app)
    assets.install(app)
    metrics.install(app, READINGS)
    _wrap(app, settings)


def _wrap(app: Flask, settings: Settings) -> None:
    """Put around everything what sees each request first: the journal, and outermost the proxies' words."""
    release, count = settings.release or app.extensions["release"], settings.trusted_proxies
    app.wsgi_app = watching.AnyHost(app.wsgi_app, settings.hosts[0])  # type: ignore[method-assign]
    journal.install(app, release=release, believes_header=count > 0)
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, count, count, count, 0, 0)  # type: ignore[method-assign]
