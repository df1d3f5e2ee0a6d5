"""The nouns of the program, each a group of commands, to which the files of the noun add theirs."""

import click


class Noun(click.Group):
    """A group that lists its commands in the order of its files."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as Click asks
        """Return their names; Click would sort them by the alphabet."""
        return list(self.commands)


articles = Noun("articles", help="What was picked up.")
series = Noun("series", help="Articles that belong together.")
sources = Noun("sources", help="Sites that pages are fetched from.")
feeds = Noun("feeds", help="The published feeds.")
subscribers = Noun("subscribers", help="Who gets a newsletter.")
suppressions = Noun("suppressions", help="Addresses that are not written to.")
editions = Noun("editions", help="The issues of a newsletter.")
deliveries = Noun("deliveries", help="The ledger: who got what, and what is uncertain.")
