"""Runs the service against a receiver and has what it sends judged by public libraries.

Usage: webhooks.py PROGRAM FOLDER. Ends with 1 at the first thing that does not hold.
"""

import http.server
import json
import os
import queue
import subprocess
import sys
import threading
import urllib.request
import uuid

from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from prometheus_client.parser import text_string_to_metric_families
from standardwebhooks import Webhook, WebhookVerificationError

PHOTO = "fixtures/box-intact.jpg"
RECEIVED = queue.Queue()


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what comes; refuses every first attempt, so that retries are judged too."""

    known = set()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_first = headers["webhook-id"] not in self.known
        self.known.add(headers["webhook-id"])
        RECEIVED.put((headers, body))
        self.send_response(500 if is_first else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


def fails(action):
    try:
        action()
    except WebhookVerificationError:
        return True
    return False


def judge_delivery(headers, body, secret):
    Webhook(secret).verify(body, headers)
    changed = bytes([body[0] ^ 1]) + body[1:]
    assert fails(lambda: Webhook(secret).verify(changed, headers)), "a changed byte"
    old = {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 301)}
    assert fails(lambda: Webhook(secret).verify(body, old)), "an old timestamp"
    other = "whsec_" + "A" * 43 + "="
    assert fails(lambda: Webhook(other).verify(body, headers)), "another secret"
    event = from_http_event(HTTPMessage(headers, body))
    assert event.get_specversion() == "1.0"
    assert event.get_id() == headers["webhook-id"]
    assert event.get_data()["status_code"], "no status_code"
    return event


def main():
    program, folder = sys.argv[1:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def run(*arguments):
        command = [program, *arguments, "--data", folder]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    key = run("key", "create", "judge", "--scope", "admin")
    environment = {**os.environ, "REGRADE_WEBHOOK_NETWORKS": "127.0.0.0/8"}
    service = subprocess.Popen(
        [program, "serve", "--data", folder, "--port", "0"], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, env=environment)
    try:
        url = service.stdout.readline().removeprefix("listening on ").strip()

        def send(method, path, body=None, **headers):
            request = urllib.request.Request(
                url + path, body, {"Authorization": "Bearer " + key, **headers}, method=method)
            with urllib.request.urlopen(request) as answer:
                return answer.read()

        endpoint = json.dumps({"url": f"http://127.0.0.1:{server.server_port}/hook"}).encode()
        before = json.loads(send("GET", "/v1/events"))["next"]
        added = json.loads(
            send("POST", "/v1/webhook-endpoints", endpoint, **{"Content-Type": "application/json"}))
        with open(PHOTO, "rb") as photo:
            send("POST", "/v1/inspections", photo.read(),
                 **{"Content-Type": "image/jpeg", "Idempotency-Key": str(uuid.uuid4())})
        events = json.loads(send("GET", "/v1/events?after=" + before))["events"]
        assert len(events) >= 2, "too few events"
        judged, wanted = [], 2 * [event["id"] for event in events]
        while wanted:
            event = judge_delivery(*RECEIVED.get(timeout=60), added["secret"])
            judged.append(event)
            # A checkpoint of the audit log may come between.
            if event.get_id() in wanted:
                wanted.remove(event.get_id())
        families = list(text_string_to_metric_families(send("GET", "/metrics").decode()))
        names = {family.name for family in families}
        assert "regrade_webhook_deliveries" in names and len(names) == len(families)
    finally:
        service.terminate()
    assert service.wait(30) == 0, "the service did not end with 0"
    print(f"webhooks: {len(judged)} deliveries of {len(events)} events verified by "
          f"standardwebhooks and read by cloudevents; {len(families)} metrics parsed")


main()
