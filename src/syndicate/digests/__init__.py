"""Editions as letters: what stands in them, how they look, and the bytes that leave."""
