"""Has the bill of materials judged: by the schema of CycloneDX 1.6, and by what the program loads.

Usage: check_sbom.py SBOM PROGRAM
"""

import json
import os
import subprocess
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def packages_loaded(program):
    """The Debian packages whose libraries the program loads."""
    listing = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    found = set()
    for line in listing.splitlines():
        place = line.split(" => ")[-1].split(" (")[0].strip()
        if not place.startswith(("/lib", "/usr/lib")):
            continue
        names = {place, os.path.realpath(place), os.path.realpath(place).removeprefix("/usr")}
        for name in names:
            owner = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True)
            if owner.returncode == 0:
                found.add(owner.stdout.split(":")[0])
    return found


def main(path, program):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if error is not None:
        sys.exit(f"no CycloneDX 1.6: {error}")
    listed = {part["name"] for part in json.loads(text)["components"]}
    missing = packages_loaded(program) - listed
    if missing:
        sys.exit(f"the program loads what is not listed: {', '.join(sorted(missing))}")
    print(f"sbom: {len(listed)} components, valid CycloneDX 1.6, all that the program loads")


if __name__ == "__main__":
    main(*sys.argv[1:])
