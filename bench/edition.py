"""A publication whose one edition is frozen for many readers, and ready to be sent."""

from pathlib import Path

from sqlalchemy import insert, text

from syndicate import tokens
from syndicate.config import FILE
from syndicate.jobs.collect import collect
from syndicate.jobs.editions import cut
from syndicate.jobs.slots import slot_by_hand
from syndicate.keys import create
from syndicate.model import Preferences, silent
from syndicate.services import Services, open_services
from syndicate.store import news, variants
from syndicate.store.preferences import intern_profile
from syndicate.store.schema.people import subscriber, subscription

_SETTINGS = """
[publication]
title = "Bench"
base_url = "http://127.0.0.1:8000"

[[newsletters]]
name = "digest"
title = "Digest"

[mail]
from = "news@example.com"
transport = "smtp"
host = "127.0.0.1"
port = {port}
starttls = false
"""
_PAGE = "One article\n\nWhat it says.\n"
_BATCH = 50_000


def publication(folder: Path, port: int, readers: int, stencil: bytes) -> Services:
    """Make it in `folder`; `stencil` is the letter that every reader gets."""
    services = prepared(folder, port, readers)
    newsletter = services.newsletter("digest")
    now = services.clock()
    report = cut(services.store, newsletter, slot_by_hand(newsletter, now), "1", now, silent)
    if report.letters != readers:
        raise SystemExit(f"frozen {report.letters} of {readers}: {report.reason}")
    with services.store.write() as tx:
        for variant in variants.unrendered(tx, ["digest"]):
            variants.save_stencil(tx, variant.id, stencil, 40_960)
    return services


def prepared(folder: Path, port: int, readers: int) -> Services:
    """Make a publication with one article and its readers, and no edition yet."""
    (folder / FILE).write_text(_SETTINGS.format(port=port), encoding="utf-8")
    (folder / "content").mkdir()
    (folder / "content" / "one.txt").write_text(_PAGE, encoding="utf-8")
    create(folder)
    services = open_services(folder)
    now = services.clock()
    collect(services.store, services.folders, services.about, services.newsletters, now, silent)
    with services.store.write() as tx:
        news.enrol(tx, "digest", now)
        profile = intern_profile(tx, Preferences("ja"))
    for start in range(1, readers + 1, _BATCH):
        numbers = range(start, min(start + _BATCH, readers + 1))
        with services.store.write() as tx:
            tx.execute(
                insert(subscriber),
                [
                    {
                        "id": n,
                        "address": f"reader{n}@example.com",
                        "address_key": tokens.address_key(services.keys, f"reader{n}@example.com"),
                        "name": "",
                        "language": "ja",
                        "created": now,
                    }
                    for n in numbers
                ],
            )
            tx.execute(
                insert(subscription),
                [
                    {
                        "id": n,
                        "newsletter": "digest",
                        "subscriber": n,
                        "state": "active",
                        "start": 0,
                        "cursor": 0,
                        "profile": profile,
                        "cadence": "daily",
                        "created": now,
                    }
                    for n in numbers
                ],
            )
    return services


def rows(services: Services) -> int:
    """Count the ledger's rows."""
    with services.store.read() as tx:
        return int(tx.scalar(text("SELECT COUNT(*) FROM delivery")) or 0)
