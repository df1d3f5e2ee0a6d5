"""What a database remembers beyond its own rows, since it may be an old copy of itself."""

from sqlalchemy import Column

from syndicate.store.schema.base import col, table
from syndicate.store.types import Int, Str

# See store/marks.py for the names.
mark = table("mark", Column("name", Str, primary_key=True), col("value", Int))
