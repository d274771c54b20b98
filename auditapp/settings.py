"""What an installation is told from outside: its folder, its database, its addresses. Read once, never changed.

What a council decides for itself while running (its name, its colour, its deadlines) is kept with its history in
`auditapp.council`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = (PACKAGE.parent / "setup.cfg").exists()


class UnusableSettings(ValueError):
    """A setting that cannot be used; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's settings.

    `instance`: folder of the database and keys. `database_url`: SQLAlchemy address. `hosts`: names the server answers
    to (empty: the local ones). `https`: whether browsers reach it over https, which hardens the cookie. `demo`: all
    inside is invented. `idle_minutes`, `longest_hours`: when a login session ends. `proxies`: how many web servers of
    our own stand between a browser and this one; their word for the browser's address is believed.
    """

    instance: Path
    database_url: str
    hosts: tuple[str, ...] = ()
    https: bool = False
    demo: bool = False
    idle_minutes: int = 20
    longest_hours: int = 10
    threads: int = 8
    proxies: int = 0

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings of this process from its environment.

        Raises UnusableSettings when a value makes no sense.
        """
        usual = (PACKAGE.parent if CHECKOUT else Path.cwd()) / "instance"
        instance = Path(environment.get("AUDITAPP_INSTANCE") or usual).expanduser().resolve()
        url = environment.get("AUDITAPP_DATABASE_URL") or f"sqlite:///{instance / 'auditapp.sqlite'}"
        if url.startswith("postgresql://"):
            url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise UnusableSettings("AUDITAPP_DATABASE_URL must begin with postgresql:// or sqlite:///.")
        hosts = tuple(host.strip() for host in environment.get("AUDITAPP_HOSTS", "").split(",") if host.strip())
        return cls(
            instance=instance,
            database_url=url,
            hosts=hosts,
            https=environment.get("AUDITAPP_HTTPS", "") == "1",
            demo=(instance / "demo").exists(),
            idle_minutes=_whole(environment, "AUDITAPP_IDLE_MINUTES", 20, 5, 120),
            longest_hours=_whole(environment, "AUDITAPP_LONGEST_HOURS", 10, 1, 24),
            threads=_whole(environment, "AUDITAPP_THREADS", 8, 1, 64),
            proxies=_whole(environment, "AUDITAPP_PROXIES", 0, 0, 5),
        )

    @property
    def sqlite(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database_url.startswith("sqlite")

    def secret_key(self) -> str:
        """Give the key that signs cookies and forms, making it once (readable by the owner only)."""
        path = self.instance / "secret.key"
        self.instance.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        return path.read_text().strip()


def _whole(environment: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = environment.get(name) or str(usual)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise UnusableSettings(f"{name} must be a whole number from {least} to {most}, not “{text}”.")
    return int(text)


def beside_or_inside(name: str) -> Path:
    """Find a folder of ours: inside the package when installed, else beside it in a checkout."""
    return (PACKAGE.parent if CHECKOUT else PACKAGE) / name
