"""moto 5.2.1 server launcher. Usage: python moto_plus.py [port|0]
Binds loopback, prints "READY <url>", exits when stdin closes, and patches
the AWS behaviours the pipeline depends on that moto 5.2.1 lacks."""
import itertools, logging, os, sys, threading
from datetime import datetime, timezone
from urllib.parse import parse_qs, quote_plus, unquote, urlparse
import moto

if moto.__version__ != "5.2.1":  # the patches reach into internals
    sys.exit(f"moto_plus needs moto 5.2.1, found {moto.__version__}")

# Glue UpdateTable: optimistic lock (VersionId) and SkipArchive
from moto.core.responses import EmptyResult
from moto.glue.exceptions import GlueClientError
from moto.glue.responses import GlueResponse

_lock = threading.Lock()

def update_table(self):
    p = self.parameters
    db, table_input, want = p["DatabaseName"], p["TableInput"], p.get("VersionId")
    with _lock:
        table = self.glue_backend.get_table(db, table_input["Name"])
        current = str(table._current_version)
        if want is not None and str(want) != current:
            raise GlueClientError("ConcurrentModificationException",
                                  "Update table failed due to concurrent modifications.")
        self.glue_backend.update_table(db, table_input["Name"], table_input)
        if p.get("SkipArchive"):
            table.versions.pop(current, None)
    return EmptyResult()

GlueResponse.update_table = update_table

# S3: x-amz-copy-source-if-match on CopyObject and UploadPartCopy
from moto.s3.exceptions import PreconditionFailed
from moto.s3.responses import S3Response

def guard(name):
    orig = getattr(S3Response, name)
    def wrapped(self, *a, **k):
        want, src = self.headers.get("x-amz-copy-source-if-match"), self.headers.get("x-amz-copy-source")
        if want and src:
            u = urlparse(src)  # same parse as moto, so both look at the same object
            bucket, key = unquote(u.path).lstrip("/").split("/", 1)
            obj = self.backend.get_object(bucket, key, version_id=parse_qs(u.query).get("versionId", [None])[0])
            if obj is not None and want.strip('"') != obj.etag.strip('"'):
                raise PreconditionFailed("x-amz-copy-source-If-Match")
        return orig(self, *a, **k)
    setattr(S3Response, name, wrapped)

guard("copy_object")
guard("upload_part_copy")

# S3 classic event record: versionId, sequencer, UTC time with Z, '/' kept in keys, ownerIdentity
from moto.s3 import notifications as nt

_seq = itertools.count(0x0055AED6DCD90000)
_orig_event = nt._get_s3_event

def _get_s3_event(event_name, bucket, key, notification_id):
    ev = _orig_event(event_name, bucket, key, notification_id)
    r = ev["Records"][0]
    r["eventTime"] = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:23] + "Z"
    r["s3"]["object"]["key"] = quote_plus(key.name, safe="/")
    r["s3"]["object"]["sequencer"] = f"{next(_seq):016X}"
    if bucket.is_versioned:
        r["s3"]["object"]["versionId"] = key.version_id
    r["s3"]["bucket"]["ownerIdentity"] = {"principalId": "A0"}
    return ev

nt._get_s3_event = _get_s3_event

# S3 event on EventBridge: the ETag's name (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html)
from moto.events.models import Rule

_send_to_targets = Rule.send_to_targets

def send_to_targets(self, event, *a, **k):
    obj = event.get("detail", {}).get("object") if event.get("source") == "aws.s3" else None
    if obj and "eTag" in obj:
        obj["etag"] = obj.pop("eTag")
    return _send_to_targets(self, event, *a, **k)

Rule.send_to_targets = send_to_targets

# SQS StartMessageMoveTask: dead letters go back to their queue as new messages, at once
from moto.core.responses import ActionResult
from moto.sqs.responses import SQSResponse

def start_message_move_task(self):
    arn = self._get_param("SourceArn")
    backend = self.sqs_backend
    dead = next(queue for queue in backend.queues.values() if queue.queue_arn == arn)
    source = next(queue for queue in backend.queues.values() if queue.dead_letter_queue is dead)
    messages, dead._messages = dead._messages, []
    for message in messages:
        dead.pending_messages.discard(message)
        backend.send_message(source.name, message.body, group_id=message.group_id,
                             deduplication_id=message.deduplication_id)
    return ActionResult({"TaskHandle": "moved"})

SQSResponse.start_message_move_task = start_message_move_task

if __name__ == "__main__":
    from werkzeug.serving import make_server
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # no access log: faster, and no pipe to fill
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    srv = make_server("127.0.0.1", port, DomainDispatcherApplication(create_backend_app), threaded=True)
    os.environ["MOTO_PORT"] = str(srv.server_port)
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
    print(f"READY http://127.0.0.1:{srv.server_port}", flush=True)
    srv.serve_forever()
