"""What `flask doctor` looks at: each check says in a sentence what is well, or raises ``Ailing`` with what to do."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from redis import Redis
from rq import Worker
from rq.cron import CronScheduler
from sqlalchemy import Table, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from portal import crypto, mail, signing, sms
from portal.config import Settings
from portal.documents.pades import NoTimeStamp
from portal.models.base import Sealed, db
from portal.models.files import FILE_TYPES, StoredFile

APPEND_ONLY = ("history", "history_seals")
#: Who has not been heard of for longer is taken for dead: a worker speaks every 45 seconds, a scheduler every 5.
WORKER_HEARD_WITHIN = timedelta(seconds=90)
SCHEDULER_HEARD_WITHIN = timedelta(seconds=20)
SKEW_ALLOWED = timedelta(seconds=2)
CERTIFICATE_RENEWED_BEFORE = timedelta(days=30)
SPACE_NEEDED = 500_000_000
RARE_BUT_REAL = "璟"


class Ailing(Exception):
    """A check that failed: what was found, and what to do about it."""

    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(found)
        self.found = found
        self.remedy = remedy


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    name: str
    is_well: bool
    said: str
    remedy: str = ""

    def line(self) -> str:
        mark = "✓" if self.is_well else "✗"
        return f"{mark} {self.name}: {self.said}" + (f" → {self.remedy}" if self.remedy else "")


def examine() -> list[Finding]:
    """Every check in order; one that breaks does not keep the others from being made. Needs an application context."""
    return [make(name, check) for name, check in CHECKS]


def make(name: str, check: Callable[[], str]) -> Finding:
    """One check. Whatever it stumbles over is its finding."""
    try:
        return Finding(name, True, check())
    except Ailing as ailing:
        return Finding(name, False, ailing.found, ailing.remedy)
    except Exception as error:
        db.session.rollback()
        reason = str(error).strip().splitlines()[:1]
        return Finding(name, False, ": ".join([type(error).__name__, *reason]), "look at this first")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _redis() -> Redis:
    connection: Redis = current_app.extensions["redis"]
    return connection


# --- database -------------------------------------------------------------------------------------------------------


def database() -> str:
    """The server answers and is new enough."""
    try:
        version, role = db.session.execute(
            text("SELECT current_setting('server_version_num')::int, current_user")
        ).one()
    except OperationalError as error:
        host = make_url(_settings().database_url).render_as_string(hide_password=True)
        raise Ailing(
            f"{host} does not answer ({type(error.orig).__name__})", "check DATABASE_URL and the server"
        ) from None
    if version < 140000:
        raise Ailing(f"PostgreSQL {version // 10000}", "use PostgreSQL 14 or newer")
    return f"PostgreSQL {version // 10000}.{version % 10000} as {role}"


def migrations() -> str:
    """The tables are those of this version of the program."""
    script = ScriptDirectory(str(Path(current_app.root_path).parent / "migrations"))
    here = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    wanted = set(script.get_heads())
    if here != wanted:
        raise Ailing(f"at {_names(here)}, wanted {_names(wanted)}", "run: flask db upgrade")
    return f"at {_names(wanted)}"


def _names(revisions: set[str]) -> str:
    return ", ".join(sorted(revisions)) or "none"


def history() -> str:
    """The role that the application runs as can add to history and not change it."""
    query = text("SELECT has_table_privilege(:table, :privilege)")
    for table in APPEND_ONLY:
        for privilege in ("UPDATE", "DELETE", "TRUNCATE"):
            if db.session.scalar(query, {"table": table, "privilege": privilege}):
                raise Ailing(
                    f"this role may {privilege} {table}",
                    "let DATABASE_URL name a role that does not own the tables (README, production)",
                )
    return "append-only for the application's role"


def clock() -> str:
    """Web machines may disagree with the database by a little; what is decided goes by the database."""
    before = datetime.now(UTC)
    there: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    after = datetime.now(UTC)
    skew = there - (before + (after - before) / 2)
    if abs(skew) >= SKEW_ALLOWED:
        raise Ailing(f"{skew.total_seconds():+.1f} s from the database's", "synchronise this machine's time (NTP)")
    return f"{abs(skew).total_seconds() * 1000:.0f} ms from the database's"


# --- queue ----------------------------------------------------------------------------------------------------------


def queue() -> str:
    """Redis answers."""
    version = _redis().info("server")["redis_version"]
    return f"Redis {version}"


def worker() -> str:
    """At least one worker has been heard of lately."""
    ages = [_age(worker.last_heartbeat) for worker in Worker.all(connection=_redis())]
    fresh = [age for age in ages if age is not None and age <= WORKER_HEARD_WITHIN]
    if not fresh:
        raise Ailing("none has been heard of lately", "start one: ./run, or python -m worker.main")
    return f"{len(fresh)} running, heard of {min(fresh).total_seconds():.0f} s ago"


def scheduler() -> str:
    """Exactly one: two would ask for everything twice, none for nothing."""
    ages = [_age(scheduler.last_heartbeat) for scheduler in CronScheduler.all(_redis(), cleanup=False)]
    fresh = [age for age in ages if age is not None and age <= SCHEDULER_HEARD_WITHIN]
    if not fresh:
        raise Ailing("none has been heard of lately", "start one: ./run, or python -m worker.schedule")
    if len(fresh) > 1:
        raise Ailing(f"{len(fresh)} are running", "stop all but one")
    return f"one running, heard of {fresh[0].total_seconds():.0f} s ago"


def _age(heartbeat: datetime | None) -> timedelta | None:
    if heartbeat is None:
        return None
    return datetime.now(UTC) - (heartbeat if heartbeat.tzinfo else heartbeat.replace(tzinfo=UTC))


# --- documents ------------------------------------------------------------------------------------------------------


def fonts() -> str:
    """Both weights are there and know rare characters that people have in their names."""
    from portal.documents import fontconfig, glyphs

    files = sorted(fontconfig.FONTS.glob("*.otf"))
    if len(files) < 2:
        raise Ailing(f"{len(files)} of 2 in {fontconfig.FONTS}", "restore the folder from the repository")
    if glyphs.uncovered(RARE_BUT_REAL):
        raise Ailing(f"{RARE_BUT_REAL} is missing", "restore the folder from the repository")
    return f"{', '.join(file.stem for file in files)}; {RARE_BUT_REAL} included"


def printing() -> str:
    """WeasyPrint has its libraries, the subsetter too: without it a slip takes twenty seconds."""
    from portal.documents.printing import prepare

    try:
        prepare()
        from weasyprint.text import ffi
    except OSError as error:
        wanted = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        raise Ailing(str(error).splitlines()[0], f"sudo apt-get install --no-install-recommends {wanted}") from None
    if ffi.harfbuzz_subset is None:
        raise Ailing(
            "libharfbuzz-subset is missing", "sudo apt-get install --no-install-recommends libharfbuzz-subset0"
        )
    return "Pango, HarfBuzz and its subsetter are loaded"


def storage() -> str:
    """The database takes a file; the folders that are written to can be written to, and there is room in them."""
    _keep_a_file()
    folders = [tempfile.gettempdir(), *filter(None, [_settings().jieding_launcher])]
    return "; ".join(["the database takes documents", *(_written_to(Path(folder)) for folder in folders)])


def _keep_a_file() -> None:
    """Papers, signatures and evidence are kept in the database: one is written there and taken back."""
    file = StoredFile(sha256="", media_type=FILE_TYPES[0], size=1, name="", content=b"\0", stored_at=datetime.now(UTC))
    try:
        with db.session.begin_nested() as attempt:
            db.session.add(file)
            db.session.flush()
            attempt.rollback()
    except DBAPIError as error:
        found = f"the database takes no documents ({type(error.orig).__name__})"
        raise Ailing(found, "look at its disk, and at the role that DATABASE_URL names") from None


def _written_to(folder: Path) -> str:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"written")
    except OSError as error:
        raise Ailing(f"{folder}: {error.strerror}", "make it, writable for this user") from None
    free = shutil.disk_usage(folder).free
    if free < SPACE_NEEDED:
        raise Ailing(f"{free // 1_000_000} MB left in {folder}", "make room")
    return f"{folder} is writable, {free / 1e9:.0f} GB left"


# --- keys -----------------------------------------------------------------------------------------------------------


def keys() -> str:
    """Each key opens what it seals, and together they open what the database holds."""
    ring = crypto.Keyring.from_settings(_settings())
    for key_id, key in ring.sealing.items():
        _open_what_is_sealed(crypto.Keyring({key_id: key}, ring.matching))
    crypto.use_keys(ring)
    opened = sum(_open_samples(table) for table in db.metadata.sorted_tables)
    return f"{', '.join(ring.sealing)}; {ring.current} seals; {opened} stored values opened"


def _open_what_is_sealed(ring: crypto.Keyring) -> None:
    crypto.use_keys(ring)
    if crypto.unseal(crypto.seal(RARE_BUT_REAL, column="doctor.check"), column="doctor.check") != RARE_BUT_REAL:
        raise Ailing(f"{ring.current} does not open what it sealed", "restore SEALING_KEYS from the copy")


def _open_samples(table: Table) -> int:
    """Open the sealed columns of the oldest and of the newest row. How many values that were."""
    columns = [column for column in table.columns if isinstance(column.type, Sealed)]
    if not columns:
        return 0
    key = table.primary_key.columns.values()[0]
    try:
        rows = [db.session.execute(select(*columns).order_by(order).limit(1)).first() for order in (key, key.desc())]
    except crypto.SealBroken as broken:
        raise Ailing(str(broken), "restore SEALING_KEYS from the copy; never drop a key that has sealed") from None
    return sum(value is not None for row in rows if row for value in row)


def certificate() -> str:
    """Contracts can be signed electronically, and for a while yet."""
    try:
        seal = signing.seal()
    except signing.SealMissing as missing:
        raise Ailing(
            str(missing), "set SIGNING_CERTIFICATE and SIGNING_KEY; until then contracts are signed on paper"
        ) from None
    left = seal.not_after - datetime.now(UTC)
    if left < CERTIFICATE_RENEWED_BEFORE:
        raise Ailing(f"{seal.holder} ends in {left.days} days", "put a new certificate in its place")
    made_here = "self-signed; " if seal.self_signed else ""
    return f"{seal.holder}, {made_here}until {seal.not_after:%Y-%m-%d}"


# --- messages -------------------------------------------------------------------------------------------------------


def mail_server() -> str:
    """The mail server lets us in; without one e-mails wait for the administrator."""
    if not mail.is_configured(_settings()):
        return "not set; e-mails wait under 待发消息"
    try:
        return f"{mail.knock(_settings())} lets us in"
    except mail.Unreachable as error:
        raise Ailing(f"does not let us in ({error})", "check MAIL_HOST and the other MAIL_ settings") from None


def text_gateway() -> str:
    """The gateway for text messages can be reached. Whether it takes a message only a message can tell."""
    if not sms.is_configured(_settings()):
        return "not set; text messages wait under 待发消息"
    try:
        return f"{sms.knock(_settings())} can be reached"
    except mail.Unreachable as error:
        raise Ailing(f"cannot be reached ({error})", "check SMS_URL and the way to it") from None


def time_stamps() -> str:
    """The authority that is set gives a stamp; without one papers say that they bear none."""
    stamps = signing.stamps()
    if stamps is None:
        return "no authority is set; papers say so"
    try:
        stamps.ask()
    except NoTimeStamp as missing:
        raise Ailing(f"{stamps.host}: {missing}", "check SIGNING_TSA_URL; signed contracts wait for it") from None
    return f"{stamps.host} stamps"


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("database", database),
    ("migrations", migrations),
    ("history", history),
    ("clock", clock),
    ("redis", queue),
    ("worker", worker),
    ("scheduler", scheduler),
    ("fonts", fonts),
    ("printing", printing),
    ("storage", storage),
    ("keys", keys),
    ("certificate", certificate),
    ("time stamps", time_stamps),
    ("mail", mail_server),
    ("text messages", text_gateway),
)
