"""Phones at random: what they show, where they lie, how their glass broke."""

import math

import numpy
from mathutils import Vector

import grounds
import household
import noise
import studio

ROWS, COLUMNS = 780, 360
"""Of a screen's picture: half of the fixtures', as these photos are small."""


def build(number, damaged):
    """Makes the scene of this number; answers what is to be known of the picture."""
    scene, harm = numpy.random.default_rng([number, 3]), numpy.random.default_rng([number, 4])
    exposure = grounds.lay(scene, wide=4)
    size = numpy.array(household.PHONE) * scene.uniform((0.9, 0.9, 0.8), (1.2, 1.1, 1.2))
    picture, glow = _shown(scene)
    facts = {"types": [], "severity": 0, "exposure": exposure}
    cracks = None
    if damaged:
        cracks, facts["types"], facts["severity"] = _broken(harm)
    _phone(size, picture, glow, cracks, scene)
    _camera(size, scene)
    return facts


def _shown(random):
    """What the screen shows [ROWS,COLUMNS,3] and how bright it is; dark as often as not."""
    if random.random() < 0.4:
        return numpy.full((ROWS, COLUMNS, 3), random.uniform(0, 0.02)), 0.0
    y, x = numpy.mgrid[0:ROWS, 0:COLUMNS] / numpy.array([ROWS, COLUMNS])[:, None, None]
    first, second = random.uniform(0, 1, (2, 3))
    wave = 0.5 + 0.5 * numpy.sin(random.uniform(2, 9) * y + random.uniform(-9, 9) * x)
    picture = first * wave[..., None] + second * (1 - wave[..., None])
    for _ in range(random.integers(0, 16)):
        top, left = random.uniform(0.05, 0.9) * ROWS, random.uniform(0.05, 0.8) * COLUMNS
        high, wide = random.uniform(0.01, 0.12) * ROWS, random.uniform(0.05, 0.6) * COLUMNS
        picture[int(top):int(top + high), int(left):int(left + wide)] = random.uniform(0, 1, 3)
    edge = int(random.integers(4, 16))
    picture[:edge], picture[-edge:], picture[:, :edge], picture[:, -edge:] = 0, 0, 0, 0
    return picture, float(random.uniform(0.4, 1.6))


def _broken(random):
    """Cracks [ROWS,COLUMNS] in 0…1, the kind of damage and its severity."""
    cracks = numpy.zeros((ROWS, COLUMNS))
    blows = int(random.choice([1, 1, 2, 3]))
    reach = 0.0
    for _ in range(blows):
        corner = random.random() < 0.6
        x = COLUMNS * (random.choice([0.08, 0.92]) if corner else random.uniform(0.1, 0.9))
        y = ROWS * (random.choice([0.08, 0.92]) if corner else random.uniform(0.1, 0.9))
        radius = float(random.uniform(60, 520))
        reach = max(reach, radius)
        cracks = numpy.maximum(cracks, noise.spider_cracks(
            (ROWS, COLUMNS), (float(x), float(y)), radius, int(random.integers(6, 22)),
            int(random.integers(1, 7)), float(random.uniform(0.8, 3.0)), int(random.integers(1 << 16))))
    return cracks, ["crack"], 1 if reach < 150 and blows == 1 else 2 if reach < 330 else 3


def _phone(size, picture, glow, cracks, random):
    width, length, thickness = (float(part) for part in size)
    tone = tuple(float(part) for part in random.uniform(0.01, 0.8, 3) ** 2)
    case = studio.Material("case", tone, metallic=float(random.uniform(0, 1)),
                           roughness=float(random.uniform(0.1, 0.6)))
    body = studio.add_box("body", tuple(map(float, size)), (0, 0, thickness / 2), case, 0.0034)
    points, faces, uv = household._rounded_sheet(width - 0.003, length - 0.003, 0.009)
    points[:, 2] = thickness + 0.0001
    glass = studio.Material("screen", (0.005, 0.005, 0.006), roughness=0.03, coat_weight=1.0,
                            coat_roughness=0.01)
    shown = glass.picture(picture)
    glass.set("Emission Strength", glow)
    if cracks is None:
        glass.set("Emission Color", shown)
    else:
        broken = glass.picture(numpy.repeat(cracks[..., None], 3, axis=2), False)
        glass.set("Base Color", glass.mix(broken, (0.005, 0.005, 0.006), (0.75, 0.77, 0.78)))
        glass.set("Roughness", glass.mix(broken, 0.03, 0.55))
        glass.set("Emission Color", glass.mix(broken, shown, (0.0, 0.0, 0.0)))
        glass.bump(broken, strength=0.9, distance=-0.0006)
    screen = studio.add_mesh("screen", points, faces, glass, smooth=False, texture_points=uv)
    screen.parent = body
    body.rotation_euler[2] = math.radians(float(random.uniform(-180, 180)))


def _camera(size, random):
    turn, height = math.radians(random.uniform(-180, 180)), math.radians(random.uniform(35, 88))
    lens = float(random.uniform(35, 65))
    reach = float(size[1]) * random.uniform(1.0, 2.2) * lens / 45
    middle = Vector([float(part) for part in random.normal(0, 0.08, 3) * size])
    at = middle + reach * Vector((
        math.cos(turn) * math.cos(height), math.sin(turn) * math.cos(height), math.sin(height)))
    studio.aim_camera(at, middle, lens, 11, float(random.normal(0, 8)))
