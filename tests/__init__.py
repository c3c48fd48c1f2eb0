"""Tests; a package, because an installed distribution brings another top-level `tests`."""
