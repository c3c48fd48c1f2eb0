"""The demo: invented persons, papers and trámites."""
