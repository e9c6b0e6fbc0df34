"""The name by which an account is known: the one reading behind training and every ledger. Standard library only."""

from __future__ import annotations

from leadqual.bundle.values import is_missing, read_category

__all__ = ["account_name"]

# Free mail, and what people write into a form that demands a company: those who share it are strangers.
_FREE_MAIL = (
    "gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.co.jp ymail.com hotmail.com hotmail.fr "
    "hotmail.de hotmail.co.uk outlook.com outlook.de live.com msn.com icloud.com me.com mac.com aol.com gmx.de gmx.net "
    "gmx.at gmx.ch web.de t-online.de freenet.de orange.fr free.fr wanadoo.fr laposte.net libero.it mail.com mail.ru "
    "yandex.ru proton.me protonmail.com qq.com 163.com 126.com sina.com foxmail.com uol.com.br bol.com.br terra.com.br"
)
_NO_COMPANY = (
    "unknown|[[unknown]]|private|individual|freelance|freelancer|self|self-employed|self employed|none|nil|no|test|"
    "company|no company|not provided|[not provided]|not applicable|privat|privatperson|particulier|particular|autonomo|"
    "个人|個人|無し|なし|无|未知|-|--|.|x|xx|xxx"
)
_NOBODYS = frozenset((*_FREE_MAIL.split(), *_NO_COMPANY.split("|")))


def account_name(value: object) -> str | None:
    """Return the text by which an account is known, or None where the value names none.

    Case and space do not matter, nor do the ``www.`` and scheme of a web address and the ".0" of a whole number.
    Domains of free mail and what people write into a form that demands a company ("private", "none") name no account:
    those who share them are strangers.

    Parameters
    ----------
    value
        As it came.

    Examples
    --------
    >>> account_name(" Acme  GmbH "), account_name("https://www.acme.com/"), account_name("gmail.com")
    ('acme gmbh', 'acme.com', None)
    """
    if is_missing(value, ()):
        return None
    text = " ".join(read_category(value).split()).casefold()
    text = text.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    return None if not text or text in _NOBODYS else text
