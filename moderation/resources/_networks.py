"""Social networks: where an account has its address, what its name is made of, and what people call the network. Must not read texts."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote, unquote

from moderation.resources._platforms import REST, Platform, as_typed, names, shape


def _folded(name: str) -> str:
    """A name that may have letters of any script: one form of each letter, small, then percent codes."""
    return quote(unicodedata.normalize("NFC", unquote(name)).lower(), safe="._-~@&'()+")


def _without_dots(name: str) -> str:
    # Facebook: "Periods and capitalization don't count as a part of a username."
    return name.replace(".", "").lower()


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_FACEBOOK_NAME: Final = r"(?P<name>(?=[a-z0-9.]{5,60}(?![a-z0-9.]))(?![a-z0-9]*\.(?:php|html?)(?![a-z]))[a-z0-9.]*[a-z][a-z0-9.]*)"
_FACEBOOK_NUMBER: Final = "https://www.facebook.com/profile.php?id={name}"
_FACEBOOK_TAB: Final = r"(?:/(?:about|photos|videos|posts|friends|reels|events|mentions|followers|community))?"

FACEBOOK: Final = Platform(
    hosts=("facebook.com", "fb.com", "m.me", "fb:"),
    doors=re.compile(r"(?:www|m|mobile|web|mbasic|touch|free|[a-z]{2}-[a-z]{2})?"),
    shapes=(
        shape(r"/profile\.php\?(?:[^#]*&)?id=(?P<name>\d{3,20})(?:[&#].*)?", _FACEBOOK_NUMBER),
        shape(rf"/(?:profile/|people/[^/?#]+/)?(?P<name>\d{{5,20}}){_FACEBOOK_TAB}{REST}", _FACEBOOK_NUMBER),
        shape(rf"/groups/(?P<name>[a-z0-9.]{{3,60}})(?:/about)?{REST}", "https://www.facebook.com/groups/{name}", _without_dots),
        shape(rf"/(?:pg/)?{_FACEBOOK_NAME}{_FACEBOOK_TAB}{REST}", "https://www.facebook.com/{name}", _without_dots),
    ),
    words="facebook fb фейсбук فيسبوك 脸书 臉書",
    handle=_pattern(r"(?=.*[a-z])[a-z0-9.]{5,50}"),
    home="https://www.facebook.com/{name}",
    tidy=_without_dots,
    reserved=names(
        "about account accounts ajax apps browse business careers dialog directory discover docs events explore feeds followers friends "
        "games gaming groups hashtag help home legal lite live login logout marketplace media messages mobile notes notifications pages "
        "people permalink photo photos places plugins policies policy posts privacy profile recover reel reels register saved search "
        "settings share sharer stories story support terms tr video videos watch you help.php"
    ),
)

INSTAGRAM: Final = Platform(
    hosts=("instagram.com", "instagr.am", "ig.me", "instagram:"),
    shapes=(
        shape(rf"/(?:_u/|m/)?@?(?P<name>[a-z0-9_](?:[a-z0-9._]{{0,28}}[a-z0-9_])?)(?:/(?:reels|tagged|channel|followers|following))?{REST}",
              "https://www.instagram.com/{name}/"),
        shape(r"/user\?(?:.*&)?username=(?P<name>[a-z0-9._]{1,30})(?:[&#].*)?", "https://www.instagram.com/{name}/"),
    ),
    words="instagram insta ig инстаграм инста انستغرام انستقرام إنستغرام انستا",
    handle=_pattern(r"[a-z0-9_](?:[a-z0-9._]{0,28}[a-z0-9_])?"),
    home="https://www.instagram.com/{name}/",
    reserved=names(
        "about accounts api challenge developer direct directory download emails explore graphql help invites legal live login logout "
        "media nametag oauth p popular press privacy reel reels s session share signup stories terms tv user web"
    ),
)  # fmt: skip

TIKTOK: Final = Platform(
    hosts=("tiktok.com",),
    shapes=(shape(rf"/@(?P<name>[a-z0-9_.]{{1,23}}[a-z0-9_])(?:/live)?{REST}", "https://www.tiktok.com/@{name}"),),
    words="tiktok tik-tok тикток تيكتوك 抖音国际版",
    handle=_pattern(r"[a-z0-9_.]{1,23}[a-z0-9_]"),
    home="https://www.tiktok.com/@{name}",
)

X: Final = Platform(
    hosts=("x.com", "twitter.com", "twitter:"),
    shapes=(
        shape(r"/(?:intent/(?:user|follow)|user)\?(?:.*&)?screen_name=@?(?P<name>[a-z0-9_]{1,15})(?:[&#].*)?", "https://x.com/{name}"),
        shape(rf"/@?(?P<name>[a-z0-9_]{{1,15}})(?:/(?:with_replies|media|likes|following|followers))?{REST}", "https://x.com/{name}"),
    ),
    words="twitter твиттер تويتر 推特 x",
    handle=_pattern(r"[a-z0-9_]{3,15}"),
    home="https://x.com/{name}",
    reserved=names(
        "about account compose download explore following hashtag home i intent jobs login logout messages notifications oauth "
        "personalization privacy search search-advanced settings share signup tos who_to_follow user"
    ),
)

VK: Final = Platform(
    hosts=("vk.com", "vk.ru", "vkontakte.ru", "vk:"),
    shapes=(
        # `?w=` and `?z=` open a post or a picture over the account's page: that is a page of its own.
        shape(r"(?:/vk\.com)?/public(?P<name>\d{1,12})/?(?:[?#](?![wz]=)(?!.*&[wz]=).*)?", "https://vk.com/club{name}"),
        shape(
            r"(?:/vk\.com)?/(?P<name>(?!(?:album|app|audio|audios|clip|clips|doc|docs|gim|im|market|note|page|photo|photos|story|topic|uslugi"
            r"|video|videos|wall|write)s?-?\d)[a-z0-9_](?:[a-z0-9._]{0,30}[a-z0-9_]))/?(?:[?#](?![wz]=)(?!.*&[wz]=).*)?",
            "https://vk.com/{name}",
        ),
    ),
    words="vk vkontakte вк вконтакте",
    handle=_pattern(r"[a-z0-9_](?:[a-z0-9._]{0,30}[a-z0-9_])"),
    home="https://vk.com/{name}",
    reserved=names(
        "about access ads al_feed.php albums app apps audio audios authorize away away.php blog bugs bookmarks clips club dev docs "
        "edit events fave feed feed.php friends groups help im im.php index.php join jobs login login.php market menu music mail "
        "news notifications "
        "people photos press privacy profile public reg restore search settings share share.php stickers support terms video video_ext.php "
        "videos wall write"
    ),
)

WECHAT: Final = Platform(
    hosts=("u.wechat.com", "weixin.qq.com", "weixin:"),
    doors=re.compile(""),
    shapes=(
        shape(r"/contacts/profile/(?P<name>[a-z][a-z0-9_-]{5,19})/?", "wechat:{name}"),
        shape(rf"/r/(?P<name>[\w-]{{8,64}}){REST}", "https://weixin.qq.com/r/{name}", as_typed),
        shape(rf"/(?P<name>(?=[\w-]*[A-Z0-9])[\w-]{{15,64}}){REST}", "https://u.wechat.com/{name}", as_typed),
    ),
    words="wechat weixin вичат ويشات 微信号 微信號 微信 加微 威信 薇信",
    handle=_pattern(r"[a-z][a-z0-9_-]{5,19}"),
    home="wechat:{name}",
)

SNAPCHAT: Final = Platform(
    hosts=("snapchat.com", "snapchat:"),
    shapes=(shape(rf"/(?:add/|@)@?(?P<name>[a-z][a-z0-9._-]{{1,13}}[a-z0-9]){REST}", "https://www.snapchat.com/add/{name}"),),
    words="snapchat snap sc снапчат سناب سنابشات سناب_شات",
    handle=_pattern(r"[a-z][a-z0-9._-]{1,13}[a-z0-9]"),
    home="https://www.snapchat.com/add/{name}",
)

_YOUTUBE_TAB: Final = r"(?:/(?:featured|videos|shorts|streams|live|playlists|community|posts|about|channels|podcasts|releases))?"
YOUTUBE: Final = Platform(
    hosts=("youtube.com",),
    doors=re.compile(r"(?:www|m|music|gaming)?"),
    shapes=(
        shape(rf"/@(?P<name>(?:[\w.·-]|%[0-9a-f]{{2}}){{3,200}}){_YOUTUBE_TAB}{REST}", "https://www.youtube.com/@{name}", _folded),
        shape(rf"/channel/(?P<name>UC[\w-]{{22}}){_YOUTUBE_TAB}{REST}", "https://www.youtube.com/channel/{name}",
              lambda name: "UC" + name[2:]),
        shape(rf"/c/(?P<name>[^/?#]{{1,200}}){_YOUTUBE_TAB}{REST}", "https://www.youtube.com/c/{name}", _folded),
        shape(rf"/user/(?P<name>[a-z0-9_-]{{1,60}}){_YOUTUBE_TAB}{REST}", "https://www.youtube.com/user/{name}"),
    ),
    words="youtube yt ютуб يوتيوب",
    handle=_pattern(r"[a-z0-9_-][a-z0-9._-]{1,28}[a-z0-9_-]"),
    home="https://www.youtube.com/@{name}",
)  # fmt: skip

_LINKEDIN_TAB: Final = r"(?:/(?:[a-z]{2}|about|posts|jobs|people|life|details/[a-z]+|recent-activity(?:/[a-z]+)?))?"
LINKEDIN: Final = Platform(
    hosts=("linkedin.com",),
    doors=re.compile(r"(?:www|m|touch|[a-z]{2})?"),
    shapes=tuple(
        shape(
            rf"/(?:mwlite/)?{section}/(?P<name>[^/?#]{{2,300}}){_LINKEDIN_TAB}{REST}",
            f"https://www.linkedin.com/{section}/{{name}}/",
            _folded,
        )
        for section in ("in", "company", "school", "showcase")
    ),
    words="linkedin линкедин لينكدإن 领英",
    handle=_pattern(r"[a-z0-9-]{3,100}"),
    home="https://www.linkedin.com/in/{name}/",
)

NETWORKS: Final = (FACEBOOK, INSTAGRAM, TIKTOK, X, VK, WECHAT, SNAPCHAT, YOUTUBE, LINKEDIN)
