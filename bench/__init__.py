"""One script per promise: `script/bench NAME` runs bench/NAME.py and prints what it measured."""
