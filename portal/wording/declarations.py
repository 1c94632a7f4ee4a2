"""What a broker accepts when filing, word for word, by version. A text once used is never changed: a new one is added."""

from __future__ import annotations

#: RE-4.2: the filer's declaration. Version to Chinese, which binds, and English.
DECLARATIONS: dict[str, tuple[str, str]] = {
    "1": (
        "以自有资源开发此客户，所填属实；此客户不是截留的自然到访客户，也不是公司自行开发或其他合作方的客户。",
        "I developed this customer with our own resources and what I filed is true; the customer is no intercepted "
        "walk-in, and was not developed by the company itself or by another partner.",
    ),
}

#: The confirmation that the customer was told who receives the data.
CUSTOMER_NOTICES: dict[str, tuple[str, str]] = {
    "1": (
        "已告知客户：姓名、手机号等信息将提供给项目开发商及其案场，仅用于到访登记与归属认定，并已征得客户同意。",
        "The customer has been told that name, phone and the like go to the developer of the project and its site, for "
        "registering the visit and deciding whose customer it is, and has agreed.",
    ),
}

DECLARATION_VERSION = "1"
CUSTOMER_NOTICE_VERSION = "1"


def declaration(version: str, locale: str) -> str:
    """The declaration of that version. Raises KeyError for a version that never was."""
    return _in(DECLARATIONS[version], locale)


def customer_notice(version: str, locale: str) -> str:
    """The confirmation of that version. Raises KeyError for a version that never was."""
    return _in(CUSTOMER_NOTICES[version], locale)


def _in(words: tuple[str, str], locale: str) -> str:
    return words[1] if locale.startswith("en") else words[0]
