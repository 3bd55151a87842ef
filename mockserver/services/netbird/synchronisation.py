"""Synchronisation of Google and Azure integrations with simulated directories, and the logs of all integrations.

A directory is a Google Workspace customer (`google-idp/<customer id>`) or an Entra tenant (`azure-idp/<tenant id>`):

    {"name": "acme.example", "users": ["ann@acme.example", ...], "groups": [{"name": "Engineering", "members": [0, 5]}]}

where members are indexes into the users. No thread synchronises in the background: a request that looks at an
integration first runs the synchronisations that have come due since the last look.
"""

from __future__ import annotations

import json
from base64 import b64decode

from mockserver.core.clock import NANOSECONDS, iso
from mockserver.core.messages import Json
from mockserver.engine.service import Call
from mockserver.state.store import Collection, Record, Transaction

DIRECTORIES = Collection("netbird.directories")
LOGS = Collection("netbird.logs", many={"integration": lambda record: (record["integration"],)})
COLLECTIONS = (DIRECTORIES, LOGS)

MAX_LOG_ENTRIES = 1_000
"""Log entries that an integration keeps."""

MAX_CATCH_UP = 100
"""Missed synchronisations that one request runs at most: older ones would only fill the log with equal lines."""

DIRECTORY_FIELD = {"google-idp": "customer_id", "azure-idp": "tenant_id"}
"""Kind of integration → the field that names its directory."""


def catch_up(kind: str, record: Record, call: Call) -> Record:
    """Runs the synchronisations that have come due since the last one, or since the world began.

    Returns the integration with the instant of its last synchronisation, which the caller stores.
    """
    if not record["enabled"] or kind not in DIRECTORY_FIELD:
        return record
    interval = record["sync_interval"] * NANOSECONDS
    since = max(record["synchronised"], call.world_born)
    due = (call.now - since) // interval
    if due <= 0:
        return record
    last = since + due * interval
    for ago in range(min(due, MAX_CATCH_UP) - 1, -1, -1):
        run(kind, record, call.records, last - ago * interval)
    return {**record, "synchronised": last}


def run(kind: str, record: Record, records: Transaction, at: int) -> None:
    """Synchronises once, at the given instant. Only the log changes: NetBird's users and groups are not simulated."""
    field = DIRECTORY_FIELD[kind]
    if not record["enabled"]:
        log(kind, record, records, at, "warn", "synchronization skipped: the integration is disabled")
        return
    if kind == "google-idp" and not _is_json_object(record["service_account_key"]):
        log(kind, record, records, at, "error", "synchronization failed: the service account key is not a JSON object")
        return
    directory = records.get(DIRECTORIES.name, f"{kind}/{record[field]}")
    if directory is None:
        log(kind, record, records, at, "error", f"synchronization failed: {field} {record[field]} not found")
        return
    groups = matching_groups(directory, record["group_prefixes"])
    users = matching_users(directory, record["user_group_prefixes"])
    log(kind, record, records, at, "info", f"synchronization of {directory['name']} started")
    for subject, matched, total, prefixes in (
        ("groups", len(groups), len(directory["groups"]), record["group_prefixes"]),
        ("users", len(users), len(directory["users"]), record["user_group_prefixes"]),
    ):
        by = f" by prefixes {', '.join(prefixes)}" if prefixes else ""
        log(kind, record, records, at, "info", f"{matched} of {total} {subject} matched{by}")
    message = f"synchronization finished: {len(users)} users, {len(groups)} groups"
    log(kind, record, records, at, "info", message)


def matching_groups(directory: Record, prefixes: list[str]) -> list[Json]:
    """Returns the groups whose names begin with one of the prefixes; all groups where there are no prefixes."""
    return [group for group in directory["groups"] if not prefixes or group["name"].startswith(tuple(prefixes))]


def matching_users(directory: Record, prefixes: list[str]) -> set[int]:
    """Returns the indexes of the users in matching groups; of all users where there are no prefixes."""
    if not prefixes:
        return set(range(len(directory["users"])))
    return {member for group in matching_groups(directory, prefixes) for member in group["members"]}


def _is_json_object(text: str) -> bool:
    """Tells whether the text is a JSON object in base64, as a service account key is."""
    try:
        return isinstance(json.loads(b64decode(text)), dict)
    except (ValueError, RecursionError):
        return False


def log(kind: str, record: Record, records: Transaction, at: int, level: str, message: str) -> None:
    """Adds an entry to the log of an integration, and removes the oldest one beyond `MAX_LOG_ENTRIES`."""
    number = records.next(LOGS.name)
    integration = f"{kind}/{record['id']}"
    entry = {"id": number, "integration": integration, "level": level, "timestamp": iso(at), "message": message}
    records.put(LOGS.name, str(number), entry)
    if records.count_matching(LOGS.name, "integration", integration) > MAX_LOG_ENTRIES:
        oldest = records.matching(LOGS.name, "integration", integration, limit=1)[0]
        records.delete(LOGS.name, str(oldest["id"]))


def entries(kind: str, record: Record, records: Transaction) -> Json:
    """Returns the log of an integration, oldest entry first, as responses contain it."""
    found = records.matching(LOGS.name, "integration", f"{kind}/{record['id']}")
    return [{name: entry[name] for name in ("id", "level", "timestamp", "message")} for entry in found]


def delete_log(kind: str, record: Record, records: Transaction) -> None:
    """Deletes the log of an integration."""
    for entry in records.matching(LOGS.name, "integration", f"{kind}/{record['id']}"):
        records.delete(LOGS.name, str(entry["id"]))
