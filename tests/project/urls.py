"""Every address of the portal, as the crawling tests ask for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One pattern with a path that matches it; `name` holds the namespaces."""

    name: str
    path: str


def addresses() -> list[Address]:
    """List every URL pattern with a path filled with values that exist nowhere."""
    return list(_walk(get_resolver(), prefix="", namespace=""))


def _walk(resolver: URLResolver, *, prefix: str, namespace: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        path = prefix + _fill(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, prefix=path, namespace=inner)
        elif isinstance(pattern, URLPattern):
            yield Address(f"{namespace}{pattern.name or path}", "/" + path)


def _fill(pattern: URLPattern | URLResolver) -> str:
    """Fill the route's parameters; a regular expression is read as the few forms libraries use."""
    route = str(pattern.pattern)
    route = re.sub(r"\(\?P<\w+>(\w+)?[^()]*\)", lambda group: group[1] or "no-existe", route)
    route = re.sub(r"<int:\w+>", "987654321", route)
    route = re.sub(r"<(?:\w+:)?\w+>", "no-existe", route)
    return route.lstrip("^").replace("\\Z", "").replace("$", "").replace("\\", "")
