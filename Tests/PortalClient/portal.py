"""A returns portal in plain Python, written from the service's OpenAPI document alone.

It knows the names of operations and what their documents hold, nothing of paths, methods or
statuses: those it looks up in /v1/openapi.json. Every answer is checked against what the document
says may come. Run by PortalClientTests; standard library only.

Usage: portal.py URL SUBMIT_KEY REVIEW_KEY REVIEWER FOLDER_OF_PHOTOS
"""

import gzip
import hashlib
import hmac
import json
import os
import socket
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid


class Answer:
    def __init__(self, status, headers, body):
        if headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.status, self.headers, self.body = status, headers, body
        self.type = headers.get("Content-Type", "").split(";")[0]
        self.json = json.loads(body) if self.type.endswith("json") and body else None


class Service:
    """Calls operations by their names, as the service's own description says."""

    def __init__(self, url):
        self.url = url
        self.document = json.load(urllib.request.urlopen(url + "/v1/openapi.json"))
        self.operations = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, methods in self.document["paths"].items()
            for method, operation in methods.items()
        }
        self.called = set()

    def resolved(self, schema):
        while "$ref" in schema:
            target = self.document
            for name in schema["$ref"].removeprefix("#/").split("/"):
                target = target[name]
            schema = target
        return schema

    def call(self, name, *, key=None, query=None, headers=None, body=None, type=None, **parts):
        method, path, operation = self.operations[name]
        for part, value in parts.items():
            path = path.replace("{%s}" % part, urllib.parse.quote(str(value), safe=""))
        if query:
            path += "?" + urllib.parse.urlencode(query)
        if isinstance(body, dict):
            body, type = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(self.url + path, data=body, method=method)
        if "security" in operation:
            request.add_header("Authorization", "Bearer " + key)
        if type:
            request.add_header("Content-Type", type)
        for field, value in (headers or {}).items():
            request.add_header(field, value)
        try:
            with urllib.request.urlopen(request, timeout=300) as reply:
                answer = Answer(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as error:
            answer = Answer(error.code, error.headers, error.read())
        self.called.add(name)
        self.check(name, operation, answer)
        return answer

    def check(self, name, operation, answer):
        response = operation["responses"].get(str(answer.status))
        assert response, f"{name}: {answer.status} is not described: {answer.body[:300]}"
        content = self.resolved(response).get("content")
        if content and answer.body:
            assert answer.type in content, f"{name}: {answer.type} is not described"
            if answer.json is not None:
                self.fits(answer.json, content[answer.type]["schema"], name)

    def fits(self, value, schema, where):
        """The part of JSON Schema that the description uses."""
        schema = self.resolved(schema)
        if "oneOf" in schema:
            return self.fits(value, schema["oneOf"][1 if value is None else 0], where)
        kinds = {
            "object": dict, "array": list, "string": str, "integer": int, "null": type(None),
            "number": (int, float), "boolean": bool,
        }
        if "type" in schema:
            types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            assert any(isinstance(value, kinds[kind]) for kind in types), f"{where}: {value!r}"
        if "const" in schema:
            assert value == schema["const"], f"{where}: {value!r}"
        if "enum" in schema:
            assert value in schema["enum"], f"{where}: {value!r}"
        if isinstance(value, dict):
            for member in schema.get("required", []):
                assert member in value, f"{where}: no {member}"
            for member, inner in schema.get("properties", {}).items():
                if member in value:
                    self.fits(value[member], inner, f"{where}/{member}")
        if isinstance(value, list) and "items" in schema:
            for index, element in enumerate(value):
                self.fits(element, schema["items"], f"{where}/{index}")


def multipart(metadata, *photos):
    boundary = uuid.uuid4().hex
    parts = [("metadata", json.dumps(metadata).encode())] + [("photo", bytes) for bytes in photos]
    body = b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (boundary.encode(), name.encode(), content)
        for name, content in parts
    )
    return {
        "body": body + b"--%s--\r\n" % boundary.encode(),
        "type": "multipart/form-data; boundary=" + boundary,
    }


def fresh():
    return {"Idempotency-Key": str(uuid.uuid4())}


def main(url, submit, review, reviewer, folder):
    service = Service(url)

    def photo(name):
        with open(os.path.join(folder, name), "rb") as file:
            return file.read()

    def portal(name, **arguments):
        return service.call(name, key=submit, **arguments)

    # A photo that is too dark: the customer is asked for another, in French, and sends one.
    order = {"order_id": "P-1", "category": "box", "region": "FR", "photos": [{"view": "front"}]}
    once = fresh() | {"Accept-Language": "fr-FR, en;q=0.5"}
    dark = multipart(order, photo("box-dark-and-blurred.jpg"))
    first = portal("submitInspection", headers=once, **dark)
    assert (first.status, first.json["outcome"]) == (201, "retake"), first.body
    assert first.json["rationale"]["locale"] == "fr"
    assert "photos" in first.json["rationale"]["customer"]
    again = portal("submitInspection", headers=once, **dark)
    assert again.body == first.body and again.headers["Idempotency-Replayed"] == "true"
    id = first.json["id"]
    better = multipart({"photos": [{"view": "front"}]}, photo("box-intact.jpg"))
    second = portal("submitAttempt", id=id, headers=fresh(), **better)
    assert second.status == 201 and second.json["outcome"] != "retake"
    late = portal("submitAttempt", id=id, headers=fresh(), **better)
    assert (late.status, late.json["code"]) == (409, "retake_not_asked")

    # Another item, for later: asked about until there is an outcome, then not sent twice.
    later = portal(
        "submitInspection", body=photo("mug-broken.jpg"), type="image/jpeg",
        headers=fresh() | {"Prefer": "respond-async", "Regrade-Metadata": '{"order_id":"P-2"}'})
    assert later.status == 202 and later.json["status"] == "processing"
    state = later
    while state.json["status"] == "processing":
        state = portal("readInspection", id=later.json["id"], query={"wait": 30})
    known = portal(
        "readInspection", id=later.json["id"], headers={"If-None-Match": state.headers["ETag"]})
    assert known.status == 304 and not known.body
    packed = portal(
        "readInspection", id=later.json["id"], headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.json == state.json
    listed = portal("listInspections", query={"order_id": "P-1", "limit": 10})
    assert [item["id"] for item in listed.json["inspections"]] == [id]
    for name in ["viewPhoto", "viewHeatMap"]:
        assert portal(name, id=id, index=1).status == 200

    # A person decides; the customer appeals, once.
    queue = lambda name, **rest: service.call(name, key=review, **rest)
    while True:
        task = queue("takeReview", body={"reviewer": reviewer, "seconds": 600})
        assert task.status == 200, "the case never came"
        held = {"lease": task.json["lease"], "reviewer": reviewer}
        decided = queue(
            "decideReview", id=task.json["task"],
            body=held | {"outcome": "reject", "reason": "review_agrees"})
        assert decided.status == 200 and decided.json["decided_by"] == "reviewer"
        if task.json["inspection"] == id:
            break
    words, appeal = fresh(), {"statement": "Il est arrivé ainsi."}
    opened = portal("openAppeal", id=id, headers=words, body=appeal)
    assert opened.status == 201 and opened.json["status"] == "open"
    assert portal("openAppeal", id=id, headers=words, body=appeal).body == opened.body
    assert portal("openAppeal", id=id, headers=fresh(), body=appeal).status == 409

    # What the warehouse found, and a receipt that holds what it says.
    found = {"outcome": "resell", "severity": "none", "types": []}
    assert portal("recordTruth", id=id, headers=fresh(), body=found).status == 201
    receipt = portal("readReceipt", id=id).json
    entry, document = json.loads(receipt["entry"]), receipt["document"]
    commitment = hmac.new(bytes.fromhex(receipt["salt"]), document.encode(), hashlib.sha256)
    assert commitment.hexdigest() in receipt["entry"], "the entry commits to another document"
    assert json.loads(document)["id"] == id and entry["inspection"] == id

    # The feed has no gap, and what was decided is in it.
    events, after = [], 0
    while page := portal("readEvents", query={"after": after, "limit": 7}).json["events"]:
        events += page
        after = int(page[-1]["sequence"])
    assert [int(event["sequence"]) for event in events] == list(range(1, len(events) + 1))
    types = [event["type"] for event in events if event["subject"] == id]
    for word in ["inspection.received", "inspection.retake_requested", "review.decided"]:
        assert f"regrade.{word}.v1" in types, types
    assert "regrade.appeal.opened.v1" in types

    # The customer asks to be forgotten.
    erased = portal("eraseInspection", id=id)
    assert erased.status == 202 and erased.json["inspection"] == id
    for name in ["readInspection", "readReceipt"]:
        assert portal(name, id=id).status == 410
    assert portal("eraseInspection", id=id).status == 410
    assert portal("submitInspection", headers=once, **dark).status == 410

    # What is no HTTP is told so in the same form as everything else.
    host = urllib.parse.urlsplit(url)
    with socket.create_connection((host.hostname, host.port)) as line:
        line.sendall(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
        head, _, body = b"".join(iter(lambda: line.recv(4096), b"")).partition(b"\r\n\r\n")
    assert b" 400 " in head.splitlines()[0] and b"problem+json" in head, head
    assert json.loads(body)["code"] == "malformed_request"
    print(f"{len(service.called)} operations called, every answer as described")


if __name__ == "__main__":
    main(*sys.argv[1:])
