"""Editions as letters: what stands in them, how they look, and the bytes that leave."""

from syndicate.digests.error import DigestError
from syndicate.digests.legal import check_legal
from syndicate.digests.letter import (
    Recipient,
    Sender,
    Stencil,
    fill,
    message_id,
    message_name,
    pieces,
    stencil,
)
from syndicate.digests.pattern import Field
from syndicate.digests.render import Rendered, render
from syndicate.digests.selection import bounded, group, preheader, subject

__all__ = [
    "DigestError",
    "Field",
    "Recipient",
    "Rendered",
    "Sender",
    "Stencil",
    "bounded",
    "check_legal",
    "fill",
    "group",
    "message_id",
    "message_name",
    "pieces",
    "preheader",
    "render",
    "stencil",
    "subject",
]
