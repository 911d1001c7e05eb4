"""Accounts on social networks, by address or by a handle beside the network's name. Must not claim a post, a picture or a search."""

from typing import Final

from moderation.resources._networks import NETWORKS
from moderation.resources._platforms import Directory
from moderation.vocabulary import N_

KIND: Final = "social_account"
LABEL: Final = N_("Social media account")
TOLD: Final = N_("The platform first, since only it can close an account; the police where a crime is likely.")
PRECEDENCE: Final = 12
REACHES_A_PERSON: Final = True
SHARES_ITS_HOST: Final = True

_DIRECTORY: Final = Directory(KIND, NETWORKS)
find, restore = _DIRECTORY.find, _DIRECTORY.restore

_CHANNEL: Final = "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv"
EXAMPLES: Final[tuple[tuple[str, str | None], ...]] = (
    ("https://www.facebook.com/Jane.Doe.9?mibextid=x", "https://www.facebook.com/janedoe9"),
    ("m.facebook.com/profile.php?v=info&id=100012345678901", "https://www.facebook.com/profile.php?id=100012345678901"),
    ("fb[.]com/100012345678901", "https://www.facebook.com/profile.php?id=100012345678901"),
    ("https://m.me/janedoe9", "https://www.facebook.com/janedoe9"),
    ("https://www.facebook.com/groups/Jobs.Abroad/", "https://www.facebook.com/groups/jobsabroad"),
    ("hxxps://instagram[.]com/Anna.B_/?igsh=abc", "https://www.instagram.com/anna.b_/"),
    ("insta: @Anna.B_.", "https://www.instagram.com/anna.b_/"),
    ("@anna_b on TikTok", "https://www.tiktok.com/@anna_b"),
    ("https://www.tiktok.com/%40Anna_B?lang=en", "https://www.tiktok.com/@anna_b"),
    ("https://mobile.twitter.com/Anna_B", "https://x.com/anna_b"),
    ("x.com/intent/user?screen_name=Anna_B", "https://x.com/anna_b"),
    ("m.vk.com/id123", "https://vk.com/id123"),
    ("https://vk.ru/public77", "https://vk.com/club77"),
    ("微信：Anna_2000", "wechat:anna_2000"),
    ("加微信abc12345", "wechat:abc12345"),
    ("snap: anna.b1", "https://www.snapchat.com/add/anna.b1"),
    ("https://www.snapchat.com/@Anna", "https://www.snapchat.com/add/anna"),
    (_CHANNEL.replace("www.", "m.") + "/videos", _CHANNEL),
    ("youtube.com/@Anna", "https://www.youtube.com/@anna"),
    ("https://fr.linkedin.com/in/Anna-B-1a2/en", "https://www.linkedin.com/in/anna-b-1a2/"),
    ("https://www.instagram.com/p/Cabc123/", None),
    ("https://www.instagram.com/explore/", None),
    ("https://x.com/anna/status/1", None),
    ("https://vm.tiktok.com/ZMabc/", None),
    ("https://youtu.be/dQw4w9WgXcQ", None),
    ("https://www.facebook.com/sharer.php?u=x", None),
    ("https://vk.com/wall-1_2", None),
    ("@anna_b", None),
    ("Facebook: they sell people", None),
    ("facebook", None),
)
