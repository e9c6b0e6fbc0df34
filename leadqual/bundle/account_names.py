"""The name by which an account is known: the one reading behind training and every ledger. Standard library only."""

from __future__ import annotations

__all__ = ["account_name"]

# free mail and what people write into a form that demands a company: those who share it are strangers
_NOBODYS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "yahoo.co.uk",
        "yahoo.fr",
        "yahoo.de",
        "yahoo.co.jp",
        "ymail.com",
        "hotmail.com",
        "hotmail.fr",
        "hotmail.de",
        "hotmail.co.uk",
        "outlook.com",
        "outlook.de",
        "live.com",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "gmx.de",
        "gmx.net",
        "gmx.at",
        "gmx.ch",
        "web.de",
        "t-online.de",
        "freenet.de",
        "orange.fr",
        "free.fr",
        "wanadoo.fr",
        "laposte.net",
        "libero.it",
        "mail.com",
        "mail.ru",
        "yandex.ru",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "163.com",
        "126.com",
        "sina.com",
        "foxmail.com",
        "uol.com.br",
        "bol.com.br",
        "terra.com.br",
        "unknown",
        "private",
        "individual",
        "freelance",
        "freelancer",
        "self",
        "self-employed",
        "none",
        "nil",
        "no",
        "test",
        "company",
        "privat",
        "privatperson",
        "particulier",
        "particular",
        "autonomo",
        "个人",
        "个人",
        "無し",
        "なし",
        "无",
        "未知",
        "-",
        "--",
        ".",
        "x",
        "xx",
        "xxx",
        "[not",
        "provided]",
    ]
) | {"self employed", "not provided", "no company", "not applicable", "[[unknown]]"}


def account_name(value: object) -> str | None:
    """Return the text by which an account is known, or None where the value names none.

    Case and space do not matter, nor do the ``www.`` and scheme of a web address. Domains of free mail and what people
    write into a form that demands a company ("private", "none") name no account: those who share them are strangers.

    Parameters
    ----------
    value
        As it came.

    Examples
    --------
    >>> account_name(" Acme  GmbH "), account_name("https://www.acme.com/"), account_name("gmail.com")
    ('acme gmbh', 'acme.com', None)
    """
    if value is None or value != value:
        return None
    if not isinstance(value, str) and hasattr(value, "is_integer") and value.is_integer():
        value = int(value)  # type: ignore[call-overload]  # a number, of numpy too
    text = " ".join(str(value).split()).casefold()
    text = text.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    return None if not text or text in _NOBODYS else text
