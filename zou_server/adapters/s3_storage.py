"""The file store in a bucket of S3 or of what speaks it (MinIO, Ceph, R2): one object for each key."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from zou_server.adapters.storage import ABANDONED_SECONDS, CHUNK, checked_key, remove_older
from zou_server.models.errors import NotFound, Unavailable
from zou_server.services.ports import Opened, Stored

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError as error:
    message = "files in S3 need a package more: pip install 'zou-server[s3]'"
    raise ImportError(message) from error

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

PART = 16 * 1024 * 1024
"""Bytes held in memory of each upload, and the size of a part: 10,000 of them make 160 GB."""

MOST_PARTS = 10_000
READ_AHEAD = 256 * 1024
PROBE = "zou-server-check"
GONE = frozenset({"404", "NoSuchKey", "NotFound"})


@dataclass(frozen=True)
class Bucket:
    """Where the objects are and how to get in.

    `endpoint` and `region` are empty for AWS's own; without keys, boto3 looks where it always does
    (environment, instance role). `link_seconds` is how long an address given to a client is good for,
    0 to give none; `public_endpoint` is what clients call the endpoint when it is not the same.
    """

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    access_key: str = ""
    secret_key: str = ""
    public_endpoint: str = ""
    link_seconds: int = 0

    def __repr__(self) -> str:
        return f"<Bucket {self.name} at {self.endpoint or 'AWS'}>"

    def client(self, endpoint: str) -> S3Client:
        """A client of boto3; one serves all threads."""
        config = Config(
            signature_version="s3v4",
            retries={"max_attempts": 3, "mode": "standard"},
            connect_timeout=5,
            read_timeout=60,
            max_pool_connections=32,
            # Other stores than AWS's do not know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return boto3.client(
            "s3",
            endpoint_url=endpoint or None,
            region_name=self.region or ("us-east-1" if endpoint else None),
            aws_access_key_id=self.access_key or None,
            aws_secret_access_key=self.secret_key or None,
            config=config,
        )


class S3Storage:
    """A `Storage` in a bucket. An object appears whole under its key when its upload is complete."""

    def __init__(self, bucket: Bucket, scratch: Path) -> None:
        """Name the bucket, and the folder for copies on this machine; nothing connects yet."""
        self.bucket, self.scratch = bucket, scratch
        self._client = bucket.client(bucket.endpoint)
        public = bucket.public_endpoint
        self._signer = bucket.client(public) if public else self._client

    def put(self, key: str, stream: IO[bytes]) -> Stored:
        """Send the stream, in parts when it is long; what fails half-way leaves nothing."""
        name, digest, size = self._name(key), hashlib.sha256(), 0
        first = _part(stream)
        digest.update(first)
        if len(first) < PART:
            with _store():
                self._client.put_object(Bucket=self.bucket.name, Key=name, Body=first)
            return Stored(len(first), digest.hexdigest())
        with self._upload(name) as parts:
            part = first
            while part:
                parts.add(part)
                size += len(part)
                part = _part(stream)
                digest.update(part)
        return Stored(size, digest.hexdigest())

    def open(self, key: str) -> Opened:
        """Look at the object; its bytes are fetched as they are read, from where the reader is."""
        name = self._name(key)
        with _store(key):
            about = self._client.head_object(Bucket=self.bucket.name, Key=name)
        raw = S3Stream(self._client, {"Bucket": self.bucket.name, "Key": name}, about)
        stream = cast("BinaryIO", io.BufferedReader(raw, READ_AHEAD))
        return Opened(stream, about["ContentLength"], about["ETag"].strip('"'), about["LastModified"])

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """A temporary file with what the object holds."""
        suffix = PurePosixPath(key).suffix
        opened = self.open(key)
        self.scratch.mkdir(parents=True, exist_ok=True)
        with opened.stream, tempfile.NamedTemporaryFile(dir=self.scratch, suffix=suffix) as file:
            while chunk := opened.stream.read(CHUNK):
                file.write(chunk)
            file.flush()
            yield Path(file.name)

    def exists(self, key: str) -> bool:
        """Tell whether the key has an object."""
        try:
            with _store(key):
                self._client.head_object(Bucket=self.bucket.name, Key=self._name(key))
        except NotFound:
            return False
        return True

    def delete(self, key: str) -> None:
        """Remove the object of the key."""
        with _store():
            self._client.delete_object(Bucket=self.bucket.name, Key=self._name(key))

    def address(self, key: str, *, media_type: str, disposition: str = "") -> str | None:
        """A signed URL for GET, good for the bucket's `link_seconds`; None when that is 0."""
        name, seconds = self._name(key), self.bucket.link_seconds
        if not seconds:
            return None
        asked = {
            "Bucket": self.bucket.name,
            "Key": name,
            "ResponseContentType": media_type,
            "ResponseCacheControl": f"private, max-age={seconds}",
        }
        if disposition:
            asked["ResponseContentDisposition"] = disposition
        return self._signer.generate_presigned_url("get_object", Params=asked, ExpiresIn=seconds)

    def keys(self, folder: str, older_than: float) -> Iterator[str]:
        """List the objects below a folder."""
        oldest = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=older_than)
        with _store():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket.name, Prefix=f"{self._name(folder)}/"
            )
            for found in (each for page in pages for each in page.get("Contents", ())):
                if found["LastModified"] < oldest:
                    yield found["Key"].removeprefix(self.bucket.prefix)

    def remove_abandoned(self, older_than: float = ABANDONED_SECONDS) -> int:
        """End uploads that killed processes left open, remove their local copies, and tell how many."""
        oldest, removed = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=older_than), 0
        with _store():
            pages = self._client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self.bucket.name, Prefix=self.bucket.prefix
            )
            for upload in (each for page in pages for each in page.get("Uploads", ())):
                if upload["Initiated"] < oldest:
                    self._client.abort_multipart_upload(
                        Bucket=self.bucket.name, Key=upload["Key"], UploadId=upload["UploadId"]
                    )
                    removed += 1
        return removed + remove_older(self.scratch, older_than)

    def check(self) -> None:
        """Write, read and remove a small object; Unavailable says what the bucket refuses."""
        self.put(PROBE, io.BytesIO(PROBE.encode()))
        with self.open(PROBE).stream as stream:
            found = stream.read()
        self.delete(PROBE)
        if found != PROBE.encode():
            raise Unavailable(f"The bucket '{self.bucket.name}' gives back other bytes than it was sent.")

    def _name(self, key: str) -> str:
        return self.bucket.prefix + checked_key(key)

    @contextmanager
    def _upload(self, name: str) -> Iterator[UploadParts]:
        """An upload in parts: complete at the end of the block, and gone if that fails."""
        with _store():
            made = self._client.create_multipart_upload(Bucket=self.bucket.name, Key=name)
        parts = UploadParts(
            self._client, {"Bucket": self.bucket.name, "Key": name, "UploadId": made["UploadId"]}
        )
        try:
            yield parts
            parts.complete()
        except BaseException:
            # What cannot be ended now, `remove_abandoned` ends tomorrow.
            with suppress(Unavailable), _store():
                self._client.abort_multipart_upload(**parts.upload)
            raise


class UploadParts:
    """The parts of one upload, sent one after the other."""

    def __init__(self, client: S3Client, upload: Any) -> None:
        self._client, self.upload = client, upload
        self._tags: list[str] = []

    def add(self, part: bytes) -> None:
        """Send the next part."""
        number = len(self._tags) + 1
        if number > MOST_PARTS:
            raise Unavailable(f"The file store takes no file over {MOST_PARTS * PART // 10**9} GB.")
        with _store():
            answer = self._client.upload_part(**self.upload, PartNumber=number, Body=part)
        self._tags.append(answer["ETag"])

    def complete(self) -> None:
        """Make the object of the parts."""
        parts: Any = [{"ETag": tag, "PartNumber": number} for number, tag in enumerate(self._tags, 1)]
        with _store():
            self._client.complete_multipart_upload(**self.upload, MultipartUpload={"Parts": parts})


class S3Stream(io.RawIOBase):
    """The bytes of an object from any place on: a request is sent when they are read.

    An object that was replaced meanwhile is Unavailable, never a mixture of two.
    """

    def __init__(self, client: S3Client, place: Any, about: Any) -> None:
        super().__init__()
        self._client, self._place = client, place
        self._size, self._tag = about["ContentLength"], about["ETag"]
        self._at, self._body = 0, cast("Any", None)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """The place that is read next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; nothing is sent before it is read."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset != self._at:
            self._let_go()
            self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read what comes next; 0 at the end."""
        if self._at >= self._size:
            return 0
        with _store():
            data = self._fetched().read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Let the connection go."""
        self._let_go()
        super().close()

    def _fetched(self) -> Any:
        if self._body is None:
            answer = self._client.get_object(**self._place, Range=f"bytes={self._at}-", IfMatch=self._tag)
            self._body = answer["Body"]
        return self._body

    def _let_go(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


def _part(stream: IO[bytes]) -> bytes:
    """The next part of a stream, whole though a socket gives it in pieces; empty at the end."""
    pieces, size = [], 0
    while size < PART and (piece := stream.read(min(CHUNK, PART - size))):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


@contextmanager
def _store(key: str = "") -> Iterator[None]:
    """The store's trouble as our own: NotFound for a missing key, else Unavailable with its reason."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if key and code in GONE:
            raise NotFound(f"There is no file '{key}'.") from None
        raise Unavailable(f"The file store refuses {error.operation_name}: {code}.") from error
    except BotoCoreError as error:
        raise Unavailable(f"The file store cannot be reached: {type(error).__name__}.") from error
