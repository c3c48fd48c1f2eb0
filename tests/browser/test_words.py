"""What the mails say reads as easily as the pages do."""

import pytest

from notices.messages import MESSAGES
from notices.render import render_mail
from tests.browser.reading import FORBIDDEN, hard_to_read, prose
from tests.factories.notices import NoticeFactory
from tests.notices.test_messages import SAMPLES, SECRETS


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in sorted(MESSAGES) if name != "STAFF-RESET"])
def test_mails_are_easy_to_read(name):
    message = MESSAGES[name]
    notice = NoticeFactory(message=name, context={key: SAMPLES[key] for key in message.needs})
    mail = render_mail(notice, SECRETS[message.secret])

    assert hard_to_read(prose([mail.subject, *mail.text.splitlines()])) == ""
    assert FORBIDDEN.findall(f"{mail.subject}\n{mail.text}\n{mail.html}") == []
