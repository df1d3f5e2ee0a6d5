"""Letters before they leave, shown in a browser."""

from typing import TYPE_CHECKING

import click

from syndicate.cli.named import newsletter_name
from syndicate.cli.terminal import Whole, number, opened
from syndicate.cli.trial import as_reader, coming_letter

if TYPE_CHECKING:
    from syndicate.jobs.trial import Trial


@click.command()
@newsletter_name
@as_reader
@number("--port", type=Whole(0, 65535), default=8001, help="Where to listen; 0: any free port.")
@click.pass_context
def preview(context: click.Context, *, newsletter: str, reader: str, port: int) -> None:
    """Serve a page that shows the coming edition, on this machine alone, until Ctrl-C.

    At the width of a telephone and of a desktop, by day and by night, as text, with its size and what
    to look at; it is drawn anew when a page, a template or the settings change.
    """
    import uvicorn

    from syndicate.web.preview import application, listening

    services = opened(context)
    services.newsletter(newsletter)
    listener = listening(port)
    click.echo(f"http://127.0.0.1:{listener.getsockname()[1]}/  (Ctrl-C ends it)")

    def draw() -> "Trial":
        fresh = opened(context)  # templates and settings may have changed
        try:
            return coming_letter(fresh, fresh.newsletter(newsletter), reader)
        finally:
            fresh.store.close()

    places = [*(one.path for one in services.folders), services.folder / "templates", services.file]
    config = uvicorn.Config(application(draw, places), log_config=None, access_log=False, ws="none")
    uvicorn.Server(config).run(sockets=[listener])
