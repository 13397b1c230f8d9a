"""Settings of an installation: one frozen object, read in one function."""

import getpass
import re
from pathlib import Path
from typing import Final

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from fercore.errors import InputError
from fercore.language.sentences import sentence
from fercore.logs import parsed as parsed_log

ROOT: Final = Path(__file__).resolve().parent.parent
# An installed package has the app inside of it, and keeps its data where it is started.
CHECKOUT: Final = (ROOT / "app.py").is_file() and (ROOT / "pages").is_dir()
APP: Final = ROOT / "app.py" if CHECKOUT else ROOT / "fercore" / "dashboard" / "app.py"
NO_GPUS: Final = ("", "none", "cpu")
_GPU_NAME: Final = re.compile(r"-?\d+|(GPU|MIG)-[\w/-]+")


class Settings(BaseSettings):
    """Places of an installation and its user; two data folders are two independent installations."""

    model_config = SettingsConfigDict(env_prefix="FERCORE_", extra="ignore", frozen=True)

    data_dir: Path = Path("data")
    models_dir: Path = Path("models")
    database_url: str = ""
    runs_url: str = ""
    yunet: Path | None = None
    rules: Path | None = None
    detector: str = "auto"
    gpus: str | None = None
    cuda_visible_devices: str | None = Field(default=None, validation_alias="CUDA_VISIBLE_DEVICES")
    cpu_runs: int = Field(default=1, ge=1, le=256)
    hosts: str = ""
    ray_address: str = ""
    webhook: str = ""
    log: str = "info"
    user: str = ""
    mlflow: str = Field(default="", validation_alias="MLFLOW_TRACKING_URI")
    export_runs: bool = True
    api_token: SecretStr = SecretStr("")
    api_rate: int = Field(default=1200, ge=0)
    keras_backend: str = Field(default="tensorflow", validation_alias="KERAS_BACKEND")

    @field_validator("log")
    @classmethod
    def _level_and_form(cls, given: str) -> str:
        """As it was given, where it names a level, a form or both."""
        parsed_log(given)
        return given

    @field_validator("api_token")
    @classmethod
    def _one_word(cls, given: SecretStr) -> SecretStr:
        """Without blanks around it; a header cannot carry every character."""
        word = given.get_secret_value().strip()
        if not all("!" <= character <= "~" for character in word):
            raise ValueError("FERCORE_API_TOKEN has blanks or letters beyond ASCII in it")
        return SecretStr(word)

    @field_validator("gpus")
    @classmethod
    def _names_of_gpus(cls, given: str | None) -> str | None:
        """`all` is as if nothing were set; what names no GPU is refused, for CUDA would silently hide them all."""
        if given is None or given.strip().lower() == "all":
            return None
        parts = parted(given)
        if given.strip().lower() in NO_GPUS or (parts and all(map(_GPU_NAME.fullmatch, parts))):
            return given
        raise ValueError(
            f"FERCORE_GPUS is '{given}'. Set it to all, to none, or to GPUs with commas between them: "
            "numbers, as 0,1, or long names that begin with GPU- or MIG-, as `nvidia-smi -L` lists them"
        )

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the store."""
        return self.database_url.strip() or sqlite_url(self.data_dir / "fercore.db")

    @property
    def host_names(self) -> tuple[str, ...]:
        """Names under which the app may be opened besides its machine's own, in small letters."""
        return tuple(name.lower().rstrip(".") for name in parted(self.hosts))

    def environment(self) -> dict[str, str]:
        """The variables with which another process reads the same settings."""
        gpus = {} if self.gpus is None else {"FERCORE_GPUS": self.gpus}
        return {
            **gpus,
            "FERCORE_DATA_DIR": str(self.data_dir),
            "FERCORE_MODELS_DIR": str(self.models_dir),
            "FERCORE_RUNS_URL": self.runs_url,
            "FERCORE_DATABASE_URL": self.database_url,
            "FERCORE_CPU_RUNS": str(self.cpu_runs),
            "FERCORE_RAY_ADDRESS": self.ray_address,
            "FERCORE_USER": self.user,
            "FERCORE_WEBHOOK": self.webhook,
            "FERCORE_LOG": self.log,
            "FERCORE_DETECTOR": self.detector,
            "FERCORE_EXPORT_RUNS": "yes" if self.export_runs else "no",
            **({"FERCORE_YUNET": str(self.yunet)} if self.yunet else {}),
            **({"FERCORE_RULES": str(self.rules)} if self.rules else {}),
            **({"MLFLOW_TRACKING_URI": self.mlflow} if self.mlflow else {}),
            "KERAS_BACKEND": self.keras_backend,
        }


def sqlite_url(file: Path) -> str:
    """The URL of an SQLite file; the two signs that mean something in a URL are escaped."""
    return f"sqlite:///{str(file).replace('%', '%25').replace('?', '%3F')}"


def parted(names: str) -> tuple[str, ...]:
    """The parts between commas, each once: ' 0,,1' → ('0', '1')."""
    return tuple(dict.fromkeys(part.strip() for part in names.split(",") if part.strip()))


def read_settings() -> Settings:
    """Settings from the environment and `.env`; relative paths lie below the checkout, else the working directory."""
    home = ROOT if CHECKOUT else Path.cwd()
    try:
        given = Settings(_env_file=home / ".env")  # type: ignore[call-arg]  # pydantic-settings takes it at run time
    except ValidationError as error:
        first = error.errors()[0]
        why = first["msg"].removeprefix("Value error, ")
        raise InputError(
            sentence("The setting {setting} cannot be used: {why}.", setting=".".join(map(str, first["loc"])), why=why)
        ) from None
    return given.model_copy(
        update={
            "data_dir": home / given.data_dir.expanduser(),
            "models_dir": home / given.models_dir.expanduser(),
            "user": given.user.strip() or _system_user(),
        }
    )


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "reviewer"
