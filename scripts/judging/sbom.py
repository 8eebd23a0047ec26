"""Writes what the program is made of as CycloneDX 1.6 JSON.

Usage: sbom.py ROOT CHECKOUTS. The same checkout on the same machine gives the same bytes: no time and
nothing at random is in it.
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import urllib.parse
import uuid

# Where SwiftPM's pins come from, and their licences; the text in the checkout must look like it.
SWIFT_LICENCES = {"grdb.swift": "MIT", "yams": "MIT"}
SWIFT_LICENCE = "Apache-2.0"
LICENCE_WORDS = {"MIT": "Permission is hereby granted", "Apache-2.0": "Apache License"}

# C code that packages carry inside themselves.
VENDORED = {
    "swift-crypto": [("BoringSSL", "Apache-2.0")],
    "swift-nio-ssl": [("BoringSSL", "Apache-2.0")],
    "swift-nio": [("llhttp", "MIT"), ("SHA-1 of the WIDE project", "BSD-3-Clause")],
    "yams": [("LibYAML", "MIT")],
}

# Debian's libraries that the program loads, its own and those that they load.
DEBIAN = {
    "libc6": "LGPL-2.1-or-later",
    "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgfortran5": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libjpeg62-turbo": "IJG AND BSD-3-Clause AND Zlib",
    "liblcms2-2": "MIT",
    "libopenblas0-pthread": "BSD-3-Clause",
    "libpng16-16": "libpng-2.0",
    "libquadmath0": "LGPL-2.1-or-later",
    "libsqlite3-0": "blessing",
    "libstdc++6": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "zlib1g": "Zlib",
}

MODEL_SUFFIXES = {".onnx", ".json"}


def fail(text):
    sys.exit(f"sbom: {text}")


def licence(identifier):
    is_expression = " " in identifier
    return [{"expression": identifier}] if is_expression else [{"license": {"id": identifier}}]


def checked_licence(identity, folder):
    name = SWIFT_LICENCES.get(identity, SWIFT_LICENCE)
    texts = sorted(folder.glob("LICENSE*"))
    if not texts:
        fail(f"{identity} has no licence in {folder.name}; run swift build first")
    if LICENCE_WORDS[name] not in texts[0].read_text(encoding="utf-8"):
        fail(f"the licence of {identity} is not {name} any more; see {texts[0].name}")
    return name


def swift_packages(root, checkouts):
    pins = json.loads((root / "Package.resolved").read_text())["pins"]
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        identity, state = pin["identity"], pin["state"]
        address = pin["location"].removesuffix(".git")
        path, version = address.removeprefix("https://"), state["version"]
        reference = f"pkg:swift/{path}@{version}"
        yield {
            "type": "library",
            "bom-ref": reference,
            "name": identity,
            "version": version,
            "purl": reference,
            "licenses": licence(checked_licence(identity, checkouts / address.split("/")[-1])),
            "externalReferences": [{"type": "vcs", "url": address}],
            "properties": [{"name": "git:commit", "value": state["revision"]}],
            **carried(identity, reference),
        }


def carried(identity, reference):
    inside = [
        {
            "type": "library",
            "bom-ref": f"{reference}#{name}",
            "name": name,
            "licenses": licence(terms),
        }
        for name, terms in VENDORED.get(identity, [])
    ]
    return {"components": inside} if inside else {}


def debian_packages():
    for name, terms in sorted(DEBIAN.items()):
        asked = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Version} ${Architecture}\n", name],
            capture_output=True, text=True, check=False)
        if asked.returncode != 0:
            fail(f"the Debian package {name} is not installed")
        version, architecture = asked.stdout.splitlines()[0].split(" ")
        name_and_version = "@".join(urllib.parse.quote(text, safe="") for text in (name, version))
        reference = f"pkg:deb/debian/{name_and_version}?arch={architecture}"
        yield {
            "type": "library",
            "bom-ref": reference,
            "name": name,
            "version": version,
            "purl": reference,
            "licenses": licence(terms),
        }


def toolchain():
    text = subprocess.run(
        ["swift", "--version"], capture_output=True, text=True, check=True).stdout
    version = text.split("Swift version ")[1].split(" ")[0]
    return {
        "type": "library",
        "bom-ref": f"swift-runtime@{version}",
        "name": "Swift runtime and Foundation",
        "version": version,
        "licenses": licence("Apache-2.0 WITH Swift-exception"),
        "externalReferences": [{"type": "website", "url": "https://www.swift.org"}],
    }


def models(root):
    for path in sorted((root / "models").iterdir()):
        if path.suffix not in MODEL_SUFFIXES:
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        yield {
            "type": "machine-learning-model" if path.suffix == ".onnx" else "data",
            "bom-ref": f"models/{path.name}",
            "name": f"models/{path.name}",
            "version": digest[:12],
            "description": "Where it comes from: models/damage-v1.md.",
            "hashes": [{"alg": "SHA-256", "content": digest}],
        }


def document(root, checkouts):
    program = (root / "Sources/Workflow/Program.swift").read_text()
    version = program.split('version = "')[1].split('"')[0]
    components = [
        *swift_packages(root, checkouts), toolchain(), *debian_packages(), *models(root)]
    subject = {
        "type": "application", "bom-ref": f"regrade@{version}", "name": "regrade",
        "version": version,
    }
    text = json.dumps([subject, components], sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, text)}",
        "version": 1,
        "metadata": {"component": subject},
        "components": components,
        "dependencies": [
            {
                "ref": subject["bom-ref"],
                "dependsOn": sorted(part["bom-ref"] for part in components),
            }
        ],
    }


if __name__ == "__main__":
    root, checkouts = map(pathlib.Path, sys.argv[1:])
    print(json.dumps(document(root, checkouts), indent=1, ensure_ascii=False))
