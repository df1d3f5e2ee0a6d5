"""What web servers, hubs and readers of feeds need: where old addresses lead to."""

from sqlalchemy import Column

from syndicate.store.schema.base import col, table
from syndicate.store.types import Str

# Addresses of another publication that moved here. `old` is what followed its host, decoded ("/2019/花/",
# "/?p=12"); `new` is a published path ("articles/花/").
redirect = table("redirect", Column("old", Str, primary_key=True), col("new", Str))
