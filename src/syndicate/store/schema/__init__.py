"""The tables, by what they are about: who asks for some loads these alone. The migrations make them."""
