"""What operators call an edition, and who they are."""

import getpass
import os
from typing import TYPE_CHECKING

import click

from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    from syndicate.model import Edition, Newsletter
    from syndicate.services import Services

METAVAR = "NEWSLETTER/NUMBER"

edition_name = click.argument(
    "name",
    metavar=METAVAR,
    help="Such as digest/1; digest/draft is the one that waits, and digest/@7 one without a "
    "number (cancelled, or of leftovers alone), by its id.",
)

newsletter_name = click.argument(
    "newsletter", metavar="NEWSLETTER", help="Its name in the settings, such as digest."
)


def find_edition(services: "Services", name: str) -> "tuple[Newsletter, Edition]":
    """Return the edition of a name, or raise SyndicateError."""
    from syndicate.store import editions

    newsletter, _, number = name.partition("/")
    with services.store.read() as tx:
        found = editions.find(tx, services.newsletter(newsletter).name, number or "draft")
    if found is None:
        raise SyndicateError(f"There is no edition {name!r}. See: syndicate editions list")
    return services.newsletter(newsletter), found


def operator() -> str:
    """Name who uses the command line: whoever called sudo, else the user of the process."""
    try:
        user = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a container may have no such user
        user = f"user {os.getuid()}"
    return f"{user} on the command line"
