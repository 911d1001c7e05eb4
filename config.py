"""Settings, frozen and typed: the one place that reads the environment. Says what is missing or wrong; never falls back in silence."""

import hashlib
import ipaddress
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

CHECKOUT = Path(__file__).resolve().parent
ENVIRONMENTS = ("demo", "production", "test")
SURFACES = ("all", "public")
NAME_SERVERS = ("knot", "bind")
DNS_PORT = 53
ACCEL_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/")


class SettingsError(Exception):
    """The environment is missing something or holds something wrong; the message has one line a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that the environment decides. Each field is documented in `.env.example`; a test holds the two together. No secret is printed."""

    environment: str
    data: Path
    database_url: str | None = field(repr=False)
    port: int
    list_name: str
    operator: str
    contact: str
    base_url: str
    exit_url: str
    hotlines: Path | None
    surfaces: str
    secret_key: str | None = field(repr=False)
    desk_key: str | None = field(repr=False)
    desk_key_file: Path | None
    desk_recipient: str | None
    workers: int
    behind_proxy: bool
    client_header: str
    redis_url: str | None = field(repr=False)
    accel: str
    settle_first: bool
    dns_primary: str
    dns_software: str
    dns_control: tuple[str, ...]
    dns_folder: Path
    dns_public: str
    local_webhooks: bool

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def is_demo(self) -> bool:
        return self.environment == "demo"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read and check every setting.

        Raises:
            SettingsError: one line for each that is missing or wrong, with what to do.
        """
        return _Reader(env).settings()


def environment() -> dict[str, str]:
    """The settings of the checkout's `.env`, and over them those of the process."""
    return {name: value or "" for name, value in dotenv_values(CHECKOUT / ".env", interpolate=False).items()} | dict(os.environ)


def environment_names() -> dict[str, str]:
    """Field name to environment variable, for the documentation test."""
    return {field.name: _ENV_NAMES[field.name] for field in fields(Settings)}


_ENV_NAMES = {
    "environment": "FLAGSTONE_ENV",
    "data": "FLAGSTONE_DATA",
    "database_url": "DATABASE_URL",
    "port": "PORT",
    "list_name": "FLAGSTONE_LIST_NAME",
    "operator": "FLAGSTONE_OPERATOR",
    "contact": "FLAGSTONE_CONTACT",
    "base_url": "FLAGSTONE_BASE_URL",
    "exit_url": "FLAGSTONE_EXIT_URL",
    "hotlines": "FLAGSTONE_HOTLINES",
    "surfaces": "FLAGSTONE_SURFACES",
    "secret_key": "FLAGSTONE_SECRET_KEY",
    "desk_key": "FLAGSTONE_DESK_KEY",
    "desk_key_file": "FLAGSTONE_DESK_KEY_FILE",
    "desk_recipient": "FLAGSTONE_DESK_RECIPIENT",
    "workers": "FLAGSTONE_WORKERS",
    "behind_proxy": "FLAGSTONE_BEHIND_PROXY",
    "client_header": "FLAGSTONE_CLIENT_HEADER",
    "redis_url": "FLAGSTONE_REDIS_URL",
    "accel": "FLAGSTONE_ACCEL",
    "settle_first": "FLAGSTONE_SETTLE_FIRST",
    "dns_primary": "FLAGSTONE_DNS_PRIMARY",
    "dns_software": "FLAGSTONE_DNS_SOFTWARE",
    "dns_control": "FLAGSTONE_DNS_CONTROL",
    "dns_folder": "FLAGSTONE_DNS_FOLDER",
    "dns_public": "FLAGSTONE_DNS_PUBLIC",
    "local_webhooks": "FLAGSTONE_LOCAL_WEBHOOKS",
}


def default_data_folder(*, as_root: bool, checkout: Path = CHECKOUT) -> Path:
    """Where everything the app keeps lies, unless FLAGSTONE_DATA says otherwise.

    As root it lies outside the checkout: the bundled PostgreSQL runs as a user of its own, who must be able to
    reach it without any existing folder being opened to others.
    """
    if not as_root:
        return checkout / "var"
    return Path("/var/lib/flagstone") / hashlib.sha256(str(checkout).encode()).hexdigest()[:16]


class _Reader:
    """Collects faults so that all of them are told at once."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._faults: list[str] = []

    def settings(self) -> Settings:
        environment = self._choice("environment", ENVIRONMENTS, "demo")
        production = environment == "production"
        port = self._whole_number("port", default=8000, low=1, high=65535)
        settings = Settings(
            environment=environment,
            data=self._folder(),
            database_url=self._database_url(),
            port=port,
            list_name=self._list_name(production),
            operator=self._text("operator", "Flagstone demo", required=production),
            contact=self._text("contact", "contact@flagstone.example", required=production),
            base_url=self._base_url(production, port),
            exit_url=self._exit_url(),
            hotlines=self._file("hotlines"),
            surfaces=self._choice("surfaces", SURFACES, "all"),
            secret_key=self._secret_key(production),
            desk_key=self._raw("desk_key") or None,
            desk_key_file=self._optional_path("desk_key_file"),
            desk_recipient=self._raw("desk_recipient") or None,
            workers=self._whole_number("workers", default=2, low=1, high=64),
            behind_proxy=self._choice("behind_proxy", ("0", "1"), "0") == "1",
            client_header=self._client_header(),
            redis_url=self._redis_url(),
            accel=self._accel(),
            settle_first=self._choice("settle_first", ("0", "1"), "0") == "1",
            dns_primary=self._name_server("dns_primary"),
            dns_software=self._choice("dns_software", NAME_SERVERS, NAME_SERVERS[0]),
            dns_control=self._command("dns_control"),
            dns_folder=self._dns_folder(),
            dns_public=self._name_server("dns_public") or self._name_server("dns_primary"),
            local_webhooks=self._local_webhooks(production),
        )
        if production and settings.surfaces == "public":
            self._refuse_the_desks_key(settings)
        if self._faults:
            raise SettingsError("\n".join(self._faults))
        return settings

    def _refuse_the_desks_key(self, settings: Settings) -> None:
        """A public process that could read the desk's key would open every report for whoever breaks into it."""
        if settings.desk_key:
            self._fault("surfaces", "is public, but FLAGSTONE_DESK_KEY is set here. Take the desk's key out of this process's environment.")
        for file in (settings.desk_key_file, settings.data / "keys" / "desk.agekey"):
            if file is not None and os.access(file, os.R_OK):
                self._fault("surfaces", f"is public, but this process can read the desk's key: {file}. Take it away from this user.")

    def _raw(self, field: str) -> str:
        return self._env.get(_ENV_NAMES[field], "").strip()

    def _fault(self, field: str, advice: str) -> None:
        self._faults.append(f"{_ENV_NAMES[field]}: {advice}")

    def _text(self, field: str, default: str, *, required: bool) -> str:
        value = self._raw(field)
        if not value and required:
            self._fault(field, "is missing; production needs it (see .env.example).")
        return value or default

    def _choice(self, field: str, allowed: tuple[str, ...], default: str) -> str:
        value = self._raw(field) or default
        if value not in allowed:
            self._fault(field, f"is {value!r}; use one of {', '.join(allowed)}.")
        return value

    def _whole_number(self, field: str, *, default: int, low: int, high: int) -> int:
        value = self._raw(field) or str(default)
        if value.isascii() and value.isdigit() and low <= int(value) <= high:
            return int(value)
        self._fault(field, f"is {value!r}; use a whole number from {low} to {high}.")
        return default

    def _folder(self) -> Path:
        value = self._raw("data")
        return Path(value).resolve() if value else default_data_folder(as_root=os.geteuid() == 0)

    def _optional_path(self, field: str) -> Path | None:
        value = self._raw(field)
        return Path(value).resolve() if value else None

    def _file(self, field: str) -> Path | None:
        path = self._optional_path(field)
        if path and not path.is_file():
            self._fault(field, f"is {str(path)!r}; there is no such file.")
        return path

    def _database_url(self) -> str | None:
        value = self._raw("database_url")
        if not value:
            return None
        if urlsplit(value).scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
            self._fault("database_url", "must start with postgresql:// (PostgreSQL 15 or newer; no other database works).")
        return value

    def _client_header(self) -> str:
        value = self._raw("client_header")
        if not value.replace("-", "a").isalnum() and value:
            self._fault("client_header", f"is {value!r}; use the name of a header, such as X-Real-IP.")
        if value and self._raw("behind_proxy") != "1":
            self._fault("client_header", "needs FLAGSTONE_BEHIND_PROXY=1: without a proxy anyone could write that header.")
        return value

    def _redis_url(self) -> str | None:
        value = self._raw("redis_url")
        if value and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
            self._fault("redis_url", "must start with redis://, rediss:// or unix://.")
        return value or None

    def _accel(self) -> str:
        value = self._raw("accel")
        if value and (not value.startswith("/") or not value.endswith("/") or not set(value) <= ACCEL_LETTERS):
            self._fault("accel", f"is {value!r}; use the path of an internal location, such as /_feed/.")
        if value and self._raw("behind_proxy") != "1":
            self._fault("accel", "needs FLAGSTONE_BEHIND_PROXY=1: without nginx in front nobody would send the files.")
        return value

    def _name_server(self, field: str) -> str:
        """An address with its port, as name servers write it: `192.0.2.53@53`."""
        value = self._raw(field)
        address, _, port = value.partition("@")
        try:
            named = f"{ipaddress.ip_address(address).compressed}@{port or DNS_PORT}" if value else ""
        except ValueError:
            named = ""
        usable = (port or "53").isascii() and (port or "53").isdecimal() and 0 < int(port or "53") < 65536
        if value and not (named and usable and "%" not in value):
            self._fault(field, f"is {value!r}; use an address and port, such as 127.0.0.1@5300 or 2001:db8::53@53.")
        return named

    def _command(self, field: str) -> tuple[str, ...]:
        value = self._raw(field)
        try:
            return tuple(shlex.split(value))
        except ValueError:
            self._fault(field, f"is {value!r}; a quotation mark in it has no other end.")
            return ()

    def _dns_folder(self) -> Path:
        value = self._optional_path("dns_folder") or self._folder() / "dns"
        # It stands in the name server's configuration, between quotation marks.
        if not str(value).isprintable() or set(str(value)) & set('"\\%'):
            self._fault("dns_folder", f"is {str(value)!r}; use a path without quotation marks, backslashes and percent signs.")
        return value

    def _local_webhooks(self, production: bool) -> bool:
        value = self._choice("local_webhooks", ("0", "1"), "0") == "1"
        if value and production:
            self._fault("local_webhooks", "is for trying out: in production it would let networks have this machine connect to itself.")
        return value

    def _list_name(self, production: bool) -> str:
        value = self._text("list_name", "flagstone.example", required=production).lower()
        labels = value.split(".")
        if len(value) > 100 or not all(_is_label(label) for label in labels):
            self._fault("list_name", f"is {value!r}; use a host name of letters, digits and hyphens, such as list.example.org.")
        return value

    def _base_url(self, production: bool, port: int) -> str:
        value = self._text("base_url", f"http://127.0.0.1:{port}", required=production).rstrip("/")
        if not urlsplit(value).hostname or urlsplit(value).scheme not in ("http", "https"):
            self._fault("base_url", f"is {value!r}; use the address people reach, such as https://flag.example.org.")
        return value

    def _exit_url(self) -> str:
        value = self._text("exit_url", "https://www.wikipedia.org/", required=False)
        if urlsplit(value).scheme != "https" or not urlsplit(value).hostname or not value.isprintable():
            self._fault("exit_url", f"is {value!r}; use the https address of a page that anyone might have open.")
        return value

    def _secret_key(self, production: bool) -> str | None:
        value = self._raw("secret_key")
        if production and not value:
            self._fault("secret_key", "is missing; make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'.")
        if value and len(value) < 32:
            self._fault("secret_key", "is too short; use at least 32 characters.")
        return value or None


def _is_label(label: str) -> bool:
    return 0 < len(label) <= 63 and label.replace("-", "").isalnum() and label.isascii() and label[0] != "-" != label[-1]
