"""Takes off an address what names the visitor, not the page (docs/resources.md). Must not give back a value, only the rule that took it."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_plus

_TOKEN: Final = re.compile(r"[A-Za-z0-9_\-.~+/=%]{16,}")
_EMAIL: Final = re.compile(r"[^\s@/]{1,64}@[^\s@/.]{1,63}(?:\.[^\s@/.]{1,63}){1,8}")
_WEB_TOKEN: Final = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*")
_COOKIELESS_SESSION: Final = re.compile(r"\((?:[A-Za-z]\([^()]{8,}\))+\)")


def _always(value: str) -> bool:
    return True


def _like_a_token(value: str) -> bool:
    return _TOKEN.fullmatch(value) is not None


def _like_a_phone(value: str) -> bool:
    return sum(character.isdigit() for character in value) >= 6


_TRACKING: Final = (
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh epik wickedid rb_clickid irclickid "
    "mc_cid mc_eid mkt_tok _hsenc _hsmi __hstc __hssc __hsfp hsctatracking vero_id vero_conv oly_anon_id oly_enc_id _openstat s_cid "
    "_ga _gl _ke fb_action_ids fb_action_types fb_source fb_ref mibextid sfnsn ref_src ref_url trk_contact trk_msg trk_module trk_sid"
)
_SESSION: Final = "phpsessid jsessionid aspsessionid cfid cftoken sessionid session_id sessid session_token session_key zenid"
_PERSONAL: Final = (
    "email e-mail e_mail email_address emailaddress user_email useremail password passwd pwd passphrase "
    "token access_token refresh_token id_token auth_token authtoken oauth_token oauth_verifier bearer jwt "
    "csrf csrf_token csrftoken csrfmiddlewaretoken xsrf _csrf _token api_key apikey client_secret secret "
    "card_number cardnumber card_no cardno cc_number ccnumber ccnum credit_card creditcard iban account_number accountnumber cvv cvc "
    "first_name firstname last_name lastname surname full_name fullname date_of_birth dob birthdate birthday passport ssn"
)
# These names also carry what a page is about, so the value has to look like a secret or a number of someone's.
_BY_SHAPE: Final = {
    **dict.fromkeys(("sid", "sess", "session", "si", "auth", "authorization", "sig", "signature", "share_id"), _like_a_token),
    **dict.fromkeys(("phone", "phone_number", "phonenumber", "mobile", "msisdn", "whatsapp"), _like_a_phone),
}
_RULES: Final[dict[str, Callable[[str], bool]]] = {
    **dict.fromkeys(f"{_TRACKING} {_SESSION} {_PERSONAL}".split(), _always),
    **_BY_SHAPE,
}
_UTM: Final = frozenset(f"utm_{name}" for name in ("source", "medium", "campaign", "term", "content", "id", "name"))
_PREFIXES: Final = {"utm_": "utm_*", "x-amz-": "x-amz-*", "x-goog-": "x-goog-*", "aspsessionid": "aspsessionid"}


def strip_query(query: str) -> tuple[str, tuple[str, ...]]:
    """Take off parameters that name the visitor. What stays is byte for byte as it came.

    Returns the query without its question mark, and the names of the rules that took something.
    """
    if not query:
        return "", ()
    rules = [(piece, _rule_for(piece)) for piece in query.split("&")]
    taken = tuple(rule for _, rule in rules if rule is not None)
    return "&".join(piece for piece, rule in rules if rule is None), taken


def strip_path(path: str) -> tuple[str, tuple[str, ...]]:
    """Take off session identifiers that some servers write into the path (`;jsessionid=`, `/(S(...))/`)."""
    if ";" not in path and "(" not in path:
        return path, ()
    taken: list[str] = []
    segments = [_segment(segment, taken) for segment in path.split("/")]
    return "/".join(segment for segment in segments if segment is not None), tuple(taken)


def _segment(segment: str, taken: list[str]) -> str | None:
    if _COOKIELESS_SESSION.fullmatch(segment):
        taken.append("session")
        return None
    head, *parameters = segment.split(";")
    kept = [head]
    for parameter in parameters:
        rule = _rule_for(parameter) if "=" in parameter else None
        if rule is None:
            kept.append(parameter)
        else:
            taken.append(rule)
    return ";".join(kept)


def _rule_for(piece: str) -> str | None:
    """Name the rule that takes this `name=value`; never a name that is not ours, since that too could be someone's."""
    raw_name, _, raw_value = piece.partition("=")
    name, value = unquote_plus(raw_name).strip().lower(), unquote_plus(raw_value)
    if name in _UTM:
        return name
    if name in _RULES and _RULES[name](value):
        return name
    for prefix, rule in _PREFIXES.items():
        if name.startswith(prefix):
            return rule
    return _rule_for_value(value or unquote_plus(raw_name))


def _rule_for_value(value: str) -> str | None:
    if _EMAIL.fullmatch(value.strip()):
        return "email"
    return "token" if _WEB_TOKEN.fullmatch(value) else None
