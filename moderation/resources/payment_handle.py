"""Names to which money is sent at a payment service. Must not claim a wallet, nor a bank card or account: those are masked."""

import re
from typing import Final

from moderation.resources._platforms import REST, Directory, Platform, names, shape
from moderation.vocabulary import N_

KIND: Final = "payment_handle"
LABEL: Final = N_("Payment account")
TOLD: Final = N_("The payment service, which can freeze it; the police and the financial intelligence unit.")
PRECEDENCE: Final = 18
REACHES_A_PERSON: Final = True
SHARES_ITS_HOST: Final = True

_NAME: Final = r"[a-z0-9](?:[a-z0-9_.-]{0,38}[a-z0-9_-])?"
_PAYPAL, _CASH, _VENMO = "https://www.paypal.com/paypalme/{name}", "https://cash.app/${name}", "https://venmo.com/u/{name}"

_SERVICES: Final = (
    Platform(hosts=("paypal.me",), shapes=(shape(rf"/(?P<name>[a-z0-9]{{1,20}})(?:/[0-9.,]+[a-z]{{0,3}})?{REST}", _PAYPAL),)),
    Platform(
        hosts=("paypal.com",),
        shapes=(shape(rf"/paypalme/(?P<name>[a-z0-9]{{1,20}})(?:/[0-9.,]+[a-z]{{0,3}})?{REST}", _PAYPAL),),
        words="paypal.me paypalme",
        handle=re.compile(r"[a-z0-9]{2,20}", re.IGNORECASE),
        home=_PAYPAL,
    ),
    Platform(
        hosts=("cash.app", "cash.me"),
        shapes=(shape(rf"/\$(?P<name>[a-z0-9_-]{{1,20}})(?:/[0-9.]+)?{REST}", _CASH),),
        words="cashapp cashtag",
        handle=re.compile(r"(?=.*[a-z])[a-z0-9_-]{2,20}", re.IGNORECASE),
        home=_CASH,
    ),
    Platform(
        hosts=("venmo.com", "account.venmo.com"),
        shapes=(shape(rf"/(?:u/)?(?P<name>{_NAME}){REST}", _VENMO),),
        words="venmo",
        handle=re.compile(_NAME, re.IGNORECASE),
        home=_VENMO,
        reserved=names("about account blog business code contact help legal login pay signup security u v"),
    ),
    Platform(hosts=("revolut.me",), shapes=(shape(rf"/(?P<name>{_NAME}){REST}", "https://revolut.me/{name}"),)),
)
_DIRECTORY: Final = Directory(KIND, _SERVICES)
find, restore = _DIRECTORY.find, _DIRECTORY.restore

EXAMPLES: Final[tuple[tuple[str, str | None], ...]] = (
    ("https://paypal.me/AnnaB/25EUR", "https://www.paypal.com/paypalme/annab"),
    ("paypal.com/paypalme/annab", "https://www.paypal.com/paypalme/annab"),
    ("hxxps://cash[.]app/$AnnaB", "https://cash.app/$annab"),
    ("cashapp: $AnnaB", "https://cash.app/$annab"),
    ("Venmo @anna-b", "https://venmo.com/u/anna-b"),
    ("https://venmo.com/Anna-B?txn=pay", "https://venmo.com/u/anna-b"),
    ("https://revolut.me/annab", "https://revolut.me/annab"),
    ("https://www.paypal.com/signin", None),
    ("https://venmo.com/login", None),
    ("I paid by Venmo", None),
)
