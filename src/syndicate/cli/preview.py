"""Letters before they leave, shown in a browser."""

from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.named import NewsletterName
from syndicate.cli.terminal import opened
from syndicate.cli.trial import As, coming_letter

if TYPE_CHECKING:
    from syndicate.jobs.trial import Trial


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(preview)


def preview(
    context: typer.Context,
    name: NewsletterName,
    reader: As = "",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0: any free port.")
    ] = 8001,
) -> None:
    """Serve a page that shows the coming edition, on this machine alone, until Ctrl-C.

    At the width of a telephone and of a desktop, by day and by night, as text, with its size and what
    to look at; it is drawn anew when a page, a template or the settings change.
    """
    import uvicorn

    from syndicate.web.preview import application, listening

    services = opened(context)
    services.newsletter(name)
    listener = listening(port)
    typer.echo(f"http://127.0.0.1:{listener.getsockname()[1]}/  (Ctrl-C ends it)")

    def draw() -> "Trial":
        fresh = opened(context)  # templates and settings may have changed
        try:
            return coming_letter(fresh, fresh.newsletter(name), reader)
        finally:
            fresh.store.close()

    places = [*(one.path for one in services.folders), services.folder / "templates", services.file]
    config = uvicorn.Config(application(draw, places), log_config=None, access_log=False, ws="none")
    uvicorn.Server(config).run(sockets=[listener])
