"""How the tests read a page."""

import re

from django.utils.html import strip_tags

_ENDS = re.compile(r"</(?:dt|dd|td|th|caption|li|p|legend|label|option|h1|h2)>|<br>")


def shown(response) -> str:
    """This will give what a page says, cell by cell."""
    assert response.status_code == 200, response
    return " ".join(strip_tags(_ENDS.sub(" ", response.content.decode())).split())
