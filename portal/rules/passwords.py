"""What a password must not be. Pure: text in, the first reason against it out."""

from __future__ import annotations

import unicodedata

MIN_LENGTH = 10
MAX_LENGTH = 128
_FEWEST_DIFFERENT = 5
_ADDED = 3

#: What people type when they are asked for ten characters; shorter favourites are too short anyway.
_FAVOURITES = """
    0123456789 1234567890 12345678910 123456789a 123456789q 1234567891 123456789abc 12345678900 0987654321 9876543210
    1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc qwertyuiop qwertyuiop123 qwerty12345 qwerty123456 qwer1234567
    asdfghjkl1 asdfghjkl123 zxcvbnm123 zxcvbnm1234 zxcvbnm123456 a123456789 aa123456789 aaa123456789 abc123456789
    abcd123456 abcd1234567 abcd12345678 abc1234567 abcde12345 abcdefghij abcdefghijk a1b2c3d4e5 asd123456789
    qq123456789 qaz123456789 q123456789 w123456789 z123456789 s123456789 x123456789 zxc123456789 wang123456 zhang123456
    woaini1314 woaini5201314 woaini520520 woaini123456 5201314520 5201314521 1314520520 13145201314 woaiwojia520
    password01 password11 password12 password123 password1234 password12345 password123456 passw0rd123 p@ssw0rd123
    p@ssword123 password!1 passwordpassword mypassword mypassword1 password@123 admin12345 admin123456 admin@1234
    admin@123456 administrator administrator1 welcome123 welcome1234 welcome@123 letmein123 letmein1234 changeme123
    changeme1234 iloveyou12 iloveyou123 iloveyou1234 sunshine123 princess123 football123 baseball123 superman123
    dragon12345 monkey12345 test123456 test12345678 testtest123 user123456 guest123456 hello123456 helloworld1
    jieding123 jieding1234 jieding123456 baobei1314 baobei520520 nihao123456 nihao12345 qingdao123 beijing2008
    shanghai123 guangzhou123 shenzhen123 china123456 xiaoming123 wodemima123 mima123456 qwe123456789 1234qwerasdf
    1234abcd1234 123qweasdzxc 123qwe456rty 147258369a 1472583690 3692581470 789456123a 7894561230 1223334444
"""
_COMMON = frozenset(_FAVOURITES.split())
_ROWS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")


def weakness(password: str, *, login: str) -> str | None:
    """Why ``password`` is refused to the owner of ``login``; None when it is taken.

    Reasons: ``too_short``, ``too_long``, ``is_the_login``, ``too_common``.
    """
    plain = unicodedata.normalize("NFKC", password)
    if len(plain) < MIN_LENGTH:
        return "too_short"
    if len(plain) > MAX_LENGTH:
        return "too_long"
    bare = plain.casefold()
    if _is_the_login(bare, login.casefold()):
        return "is_the_login"
    return "too_common" if _is_common(bare) else None


def _is_the_login(bare: str, login: str) -> bool:
    """The login itself, backwards, twice, or with up to three characters added."""
    return bare in {login[::-1], login * 2} or (login in bare and len(bare) - len(login) <= _ADDED)


def _is_common(bare: str) -> bool:
    return bare in _COMMON or len(set(bare)) < _FEWEST_DIFFERENT or _is_run(bare)


def _is_run(bare: str) -> bool:
    """A stretch of a keyboard row or of the alphabet, forwards or backwards."""
    return any(bare in row or bare in row[::-1] for row in _ROWS)
