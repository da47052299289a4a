"""Settings: `config/default.toml`, then `crossquote.toml` in the working folder, then `CROSSQUOTE_…` in the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from verifier.errors import BrokenSetup
from verifier.pairing import GateSettings
from verifier.policy import Bounds

DEFAULTS: Final = Path(__file__).resolve().parent.parent / "config" / "default.toml"
LOCAL: Final = Path("crossquote.toml")


class Profile(BaseModel):
    """The models of one profile: `card:NAME`, a folder, or a hub id; `attribution` may be `rules`, which need none.

    `verdict` is a verdict model that reads what the NLI checkpoint, where it is one itself, does not find unrelated; empty: none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    embedder: str
    nli: str
    attribution: str = "card:attribution"
    verdict: str = ""


class DeskSettings(BaseModel):
    """Where the review desk listens, and how long a log-in lasts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str
    port: int = Field(ge=0, le=65535)
    secret: str = Field(repr=False)
    session_hours: float = Field(gt=0, le=24 * 90)
    https: bool
    metrics_token: str = Field(repr=False)


class RunSettings(BaseModel):
    """How runs wait for each other, what one article may cost, and whether a run judges again what earlier ones judged."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wait_seconds: float = Field(ge=0)
    article_seconds: int = Field(gt=0)
    tries: int = Field(gt=0)
    judge_again: bool


class RetentionSettings(BaseModel):
    """After how many days things are forgotten; 0 keeps them for ever."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    article_days: int = Field(ge=0)
    verdict_days: int = Field(ge=0)
    failure_days: int = Field(ge=0)


class NotifySettings(BaseModel):
    """Whom to tell, and of what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    confidence: float = Field(ge=0, le=1)
    late_hours: float = Field(ge=0)
    tries: int = Field(gt=0, le=20)
    webhook: str = Field(repr=False, pattern=r"^(https?://.+)?$")
    email_to: str
    email_from: str
    smtp_host: str
    smtp_port: int = Field(ge=1, le=65535)
    smtp_security: Literal["none", "starttls", "tls"]
    smtp_user: str
    smtp_password: str = Field(repr=False)
    desk_url: str


class FetchSettings(BaseModel):
    """Where articles are fetched from, how politely, and within which limits (seconds)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: Path
    allow: tuple[str, ...]
    robots: bool
    agent: str = Field(min_length=1, pattern=r"^[ -~]+$")
    delay: float = Field(ge=0)
    hosts_at_once: int = Field(ge=1, le=64)
    most_per_host: int = Field(ge=1)
    retries: int = Field(ge=0, le=10)
    connect_seconds: float = Field(gt=0)
    read_seconds: float = Field(gt=0)
    whole_seconds: float = Field(gt=0)
    keep_pages: bool


class Settings(BaseSettings):
    """All settings, validated; see `config/default.toml` for what each means."""

    model_config = SettingsConfigDict(
        env_prefix="CROSSQUOTE_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    db: str
    profile: str
    device: str
    precision: Literal["fast", "full"]
    runner: str
    profiles: dict[str, Profile]
    gates: GateSettings
    bounds: Bounds
    desk: DeskSettings
    fetch: FetchSettings
    runs: RunSettings
    retention: RetentionSettings
    notify: NotifySettings

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Explicit values first, then the environment, the local file, the defaults."""
        local = TomlConfigSettingsSource(settings_cls, LOCAL)
        return init_settings, env_settings, local, TomlConfigSettingsSource(settings_cls, DEFAULTS)

    def models(self, name: str | None = None) -> Profile:
        """The models of a profile by name (the configured one by default); BrokenSetup names those there are."""
        chosen = name or self.profile
        if chosen not in self.profiles:
            raise BrokenSetup(f"no profile {chosen!r}; there are {', '.join(sorted(self.profiles))}")
        return self.profiles[chosen]


def read_settings(db: str | None = None, profile: str | None = None) -> Settings:
    """Read and validate; what is given wins. BrokenSetup names the first wrong setting."""
    given = {key: value for key, value in {"db": _url(db), "profile": profile}.items() if value}
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BrokenSetup(f"setting {name}: {first['msg']}; see config/default.toml") from error
    except (SettingsError, ValueError) as error:
        raise BrokenSetup(
            f"settings cannot be read: {' '.join(str(error).split())}; see config/default.toml"
        ) from error
    return settings.model_copy(update={"db": _url(settings.db)})


def _url(db: str | None) -> str | None:
    """A plain file name is a SQLite database."""
    return f"sqlite:///{db}" if db and "://" not in db else db
