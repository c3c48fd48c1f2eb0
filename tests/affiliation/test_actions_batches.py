"""A batch: made, sent, discarded, made again; its files taken."""
