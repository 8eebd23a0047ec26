"""Real photos among the bodies that are tried, so that there are inspections to go on with."""

import pathlib

import schemathesis
from hypothesis import strategies

FIXTURES = pathlib.Path("fixtures")
JPEG = [path.read_bytes() for path in sorted(FIXTURES.glob("*.jpg"))[:4]]

schemathesis.openapi.media_type(
    "image/jpeg", strategies.one_of(strategies.sampled_from(JPEG), strategies.binary()))
