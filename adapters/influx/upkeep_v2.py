"""Buckets and tokens of an InfluxDB 2.x, through its own client library."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.domain.authorization import Authorization
from influxdb_client.domain.bucket import Bucket
from influxdb_client.domain.bucket_retention_rules import BucketRetentionRules
from influxdb_client.domain.permission import Permission
from influxdb_client.domain.permission_resource import PermissionResource
from influxdb_client.rest import ApiException

from adapters.influx.resolution import ALL, Resolution
from adapters.influx.server import Server, answered, translated
from adapters.influx.target import Target
from adapters.influx.upkeep import Purpose, Retention, State, Step, held, keep, shard
from park.telemetry import StoreHeld

SECOND = timedelta(seconds=1)


def init(target: Target, retention: Retention, folder: Path) -> Iterator[Step]:
    """Make what is missing; the token of the settings must be one that may.  Raises StoreUnavailable or OSError."""
    server = Server(target)
    try:
        if server.version().lstrip("v").startswith("3"):
            raise StoreHeld(
                f"{target} 是 InfluxDB 3: 数据库在首次写入时自动建立, 令牌请用 influxdb3 create token 生成 / "
                "is InfluxDB 3: databases are made by the first write; make tokens with influxdb3 create token"
            )
        with translated(target):
            try:
                yield from _init(server.client, target, retention, folder)
            except ApiException as error:
                raise answered(error, target).error(str(target)) from error
    finally:
        server.close()


def _init(client: InfluxDBClient, target: Target, retention: Retention, folder: Path) -> Iterator[Step]:
    found = client.organizations_api().find_organizations(org=target.org)
    if not found:
        raise StoreHeld(f"{target}: 没有组织 / no organization {target.org}; 请检查 org / check org in the URL")
    org = str(found[0].id)
    buckets: dict[Resolution, str] = {}
    for resolution in ALL:
        bucket, step = _bucket(client, org, target.bucket(resolution), resolution, retention[resolution])
        buckets[resolution] = bucket
        yield step
    for purpose in Purpose:
        yield _token(client, org, buckets, purpose, folder)


def _bucket(
    client: InfluxDBClient, org: str, name: str, resolution: Resolution, keeping: timedelta | None
) -> tuple[str, Step]:
    api = client.buckets_api()
    rule = BucketRetentionRules(
        type="expire",
        every_seconds=(keeping or timedelta()) // SECOND,
        shard_group_duration_seconds=shard(resolution, keeping) // SECOND,
    )
    note = f"{keeping.days} d" if keeping else "∞"
    found = [bucket for bucket in api.find_buckets(name=name, org=org).buckets if bucket.name == name]
    if not found:
        made = api.create_bucket(bucket=Bucket(name=name, org_id=org, retention_rules=[rule]))
        return str(made.id), Step("bucket", name, State.MADE, note)
    [bucket] = found
    rules = bucket.retention_rules[0] if bucket.retention_rules else BucketRetentionRules(every_seconds=0)
    if rules.every_seconds == rule.every_seconds:
        return str(bucket.id), Step("bucket", name, State.KEPT, note)
    bucket.retention_rules = [rule]
    api.update_bucket(bucket=bucket)
    return str(bucket.id), Step("bucket", name, State.CHANGED, note)


def _token(client: InfluxDBClient, org: str, buckets: dict[Resolution, str], purpose: Purpose, folder: Path) -> Step:
    """Make a token unless there is one whose secret we hold; the server could not tell it to us again."""
    api = client.authorizations_api()
    file = purpose.file(folder)
    known = [one for one in api.find_authorizations(org_id=org) if one.description == purpose.account]
    if known and held(file):
        return Step("token", purpose.account, State.KEPT, str(file))
    rights = [("read", bucket) for bucket in buckets.values()]
    rights += [("write", buckets[resolution]) for resolution in purpose.writes]
    made = api.create_authorization(
        authorization=Authorization(
            org_id=org,
            description=purpose.account,
            permissions=[
                Permission(action=action, resource=PermissionResource(type="buckets", id=bucket, org_id=org))
                for action, bucket in rights
            ],
        )
    )
    keep(file, str(made.token))
    for lost in known:
        api.delete_authorization(lost)
    return Step("token", purpose.account, State.CHANGED if known else State.MADE, str(file))
