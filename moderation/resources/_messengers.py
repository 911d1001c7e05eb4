"""Messaging services: where channels, groups and accounts have their addresses, and what people call the service. Must not read texts."""

import re
from typing import Final

from moderation.resources._platforms import REST, Platform, as_typed, names, shape

_TELEGRAM_NAME: Final = r"[a-z](?:[a-z0-9_]{2,30}[a-z0-9])"
_TELEGRAM_RESERVED: Final = names(
    "addemoji addlist addstickers addstyle addtheme apps auction bg blog boost c call confirmphone contact dl faq giftcode invoice iv "
    "joinchat login m message nft privacy proxy s setlanguage share socks stickers support tos"
)
_TELEGRAM_INVITE: Final = "https://t.me/+{name}"
_CODE: Final = r"[\w-]"

_TELEGRAM_HOME: Final = "https://t.me/{name}"
_REST_OF_QUERY: Final = r"(?:[&#].*)?"

TELEGRAM: Final = Platform(
    hosts=("t.me", "telegram.me", "telegram.dog"),
    doors=re.compile(r"[a-z0-9_]{0,32}"),
    name_in_front=True,
    shapes=(
        # Numbers alone after the plus are a telephone number.
        shape(rf"/(?:joinchat/|\+)(?P<name>(?!\d{{5,15}}(?![\w-])){_CODE}{{10,40}}){REST}", _TELEGRAM_INVITE, as_typed),
        shape(rf"/addlist/(?P<name>{_CODE}{{8,40}}){REST}", "https://t.me/addlist/{name}", as_typed),
        # A web preview (`/s/`) without a post's number is the channel itself.
        shape(rf"/(?:s/)?@?(?P<name>{_TELEGRAM_NAME}){REST}", _TELEGRAM_HOME),
    ),
    words="telegram tg telega телеграм телеграмм телега тг تيليجرام تليجرام تلغرام تلجرام تيليغرام 电报 電報 纸飞机",
    handle=re.compile(_TELEGRAM_NAME, re.IGNORECASE),
    home=_TELEGRAM_HOME,
    reserved=_TELEGRAM_RESERVED,
)
TELEGRAM_ON_THE_WEB: Final = Platform(
    hosts=("web.telegram.org",),
    doors=re.compile(""),
    shapes=(
        shape(rf"/(?:[akz]/?)?(?:\?[^#]*)?#@(?P<name>{_TELEGRAM_NAME})(?:[?&/].*)?", _TELEGRAM_HOME),
        shape(rf"/(?:[akz]/?)?(?:\?[^#]*)?#/im\?p=@(?P<name>{_TELEGRAM_NAME}){_REST_OF_QUERY}", _TELEGRAM_HOME),
    ),
)
TELEGRAM_APP: Final = Platform(
    hosts=("tg:",),
    shapes=(
        shape(rf"/join/?\?(?:.*&)?invite=(?P<name>{_CODE}{{10,40}}){_REST_OF_QUERY}", _TELEGRAM_INVITE, as_typed),
        shape(rf"/resolve/?\?(?!.*post=)(?:.*&)?domain=@?(?P<name>{_TELEGRAM_NAME}){_REST_OF_QUERY}", _TELEGRAM_HOME),
    ),
    reserved=_TELEGRAM_RESERVED,
)

_WHATSAPP_HOME: Final = "https://chat.whatsapp.com/{name}"
WHATSAPP: Final = Platform(
    hosts=("whatsapp.com",),
    doors=re.compile(r"(?:www)?"),
    shapes=(shape(rf"/channel/(?P<name>{_CODE}{{15,40}}){REST}", "https://www.whatsapp.com/channel/{name}", as_typed),),
)
WHATSAPP_GROUP: Final = Platform(
    hosts=("chat.whatsapp.com", "whatsapp:"),
    doors=re.compile(""),
    shapes=(
        shape(rf"/(?:invite/)?(?P<name>{_CODE}{{18,30}}){REST}", _WHATSAPP_HOME, as_typed),
        shape(rf"/chat/?\?(?:.*&)?code=(?P<name>{_CODE}{{18,30}}){_REST_OF_QUERY}", _WHATSAPP_HOME, as_typed),
    ),
)
WHATSAPP_SHORT: Final = Platform(
    hosts=("wa.me",),
    shapes=tuple(
        shape(rf"/{part}/(?P<name>{_CODE}{{8,40}}){REST}", f"https://wa.me/{part}/{{name}}", as_typed) for part in ("message", "qr")
    ),
)

# The name stands in the fragment, which our own rules take off other addresses.
SIGNAL_GROUP: Final = Platform(
    hosts=("signal.group", "sgnl:"),
    shapes=(shape(r"(?:/signal\.group)?/?#(?P<name>[\w+=/-]{20,400})", "https://signal.group/#{name}", as_typed),),
)
SIGNAL_ACCOUNT: Final = Platform(
    hosts=("signal.me",),
    shapes=(shape(r"/#eu/(?P<name>[\w+=/-]{20,200})", "https://signal.me/#eu/{name}", as_typed),),
)

_DISCORD_HOME: Final = "https://discord.gg/{name}"
DISCORD_INVITE: Final = Platform(
    hosts=("discord.gg",),
    shapes=(shape(rf"/(?:invite/)?(?P<name>[a-z0-9-]{{2,40}}){REST}", _DISCORD_HOME, as_typed),),
)
DISCORD: Final = Platform(
    hosts=("discord.com", "discordapp.com"),
    doors=re.compile(r"(?:www|ptb|canary)?"),
    shapes=(
        shape(rf"/invite/(?P<name>[a-z0-9-]{{2,40}}){REST}", _DISCORD_HOME, as_typed),
        shape(rf"/users/(?P<name>\d{{15,22}}){REST}", "https://discord.com/users/{name}"),
    ),
)

VIBER_INVITE: Final = Platform(
    hosts=("invite.viber.com",),
    doors=re.compile(""),
    shapes=(shape(rf"/\?(?:.*&)?(?P<name>g2?=[\w%+=-]{{8,200}}){_REST_OF_QUERY}", "https://invite.viber.com/?{name}", as_typed),),
)
VIBER: Final = Platform(
    hosts=("chats.viber.com",),
    doors=re.compile(""),
    shapes=(shape(rf"/(?P<name>[\w-]{{2,100}}){REST}", "https://chats.viber.com/{name}", as_typed),),
)
VIBER_APP: Final = Platform(
    hosts=("viber:",),
    shapes=(
        shape(
            rf"/pa(?:/info)?/?\?(?:.*&)?(?:chatURI|uri)=(?P<name>[\w-]{{2,100}}){_REST_OF_QUERY}",
            "https://chats.viber.com/{name}",
            as_typed,
        ),
    ),
)

LINE: Final = Platform(
    hosts=("line.me", "line:"),
    shapes=(
        shape(rf"/(?:R/)?ti/p/(?P<name>[@~][a-z0-9_.-]{{1,39}}[a-z0-9_-]){REST}", "https://line.me/R/ti/p/{name}"),
        *(
            shape(rf"/(?:R/)?ti/{part}/(?P<name>{_CODE}{{6,60}}){REST}", f"https://line.me/R/ti/{part}/{{name}}", as_typed)
            for part in ("p", "g", "g2")
        ),
    ),
)

MESSENGERS: Final = (
    *(TELEGRAM, TELEGRAM_ON_THE_WEB, TELEGRAM_APP, WHATSAPP, WHATSAPP_GROUP, WHATSAPP_SHORT, SIGNAL_GROUP, SIGNAL_ACCOUNT),
    *(DISCORD_INVITE, DISCORD, VIBER_INVITE, VIBER, VIBER_APP, LINE),
)
