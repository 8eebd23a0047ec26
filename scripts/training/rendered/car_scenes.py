"""Cars at random: whole ones and sides from close by, sound and crashed."""

import math

import numpy
from mathutils import Vector

import cars
import grounds
import noise
import studio
import vehicles

STATIONS, STEPS = 320, 200
"""Of the shell's sheet: a third of the fixtures', as these photos are small."""
TEXTURE = (512, 1536)


def build(number, damaged):
    """Makes the scene of this number; answers what is to be known of the picture."""
    scene, harm = numpy.random.default_rng([number, 5]), numpy.random.default_rng([number, 6])
    exposure = float(scene.uniform(-0.6, 0.7))
    studio.start(str(scene.choice(grounds.LIGHTS)), float(scene.uniform(0, 360)),
                 float(scene.uniform(0.8, 1.6)))
    floor = (studio.asphalt, grounds.parcels.concrete)[scene.integers(2)]
    studio.add_floor(floor(), 60)
    colour = _colour(scene)
    dust = float(scene.uniform(0.02, 0.4))
    view = _whole if scene.random() < 0.65 else _side
    types, severity = view(colour, dust, scene, harm if damaged else None)
    return {"types": types, "severity": severity, "exposure": exposure}


def _colour(random):
    """White, grey and black more often than anything bright, as on the road."""
    grey = random.choice([0.02, 0.08, 0.25, 0.45, 0.75])
    tone = numpy.full(3, grey) if random.random() < 0.6 else random.uniform(0.01, 0.6, 3) ** 1.5
    return tuple(float(part) for part in tone)


def _whole(colour, dust, scene, harm):
    cars.STATIONS, cars.STEPS = STATIONS, STEPS
    shell = cars.Shell()
    types, severity = ([], 0) if harm is None else _crash(shell, harm)
    shell.stand(cars.shell_paint(colour, dust))
    cars.add_wheels()
    if severity == 3 and harm.random() < 0.6:
        cars.vehicles.add_debris((2.0, -0.6), 60, seed=int(harm.integers(1 << 16)))
    turn = math.radians(scene.uniform(-125, -10) if scene.random() < 0.8 else scene.uniform(-180, 0))
    height = scene.uniform(0.6, 2.6)
    lens = float(scene.uniform(30, 60))
    reach = scene.uniform(3.4, 7.5) * lens / 45
    target = Vector((float(scene.uniform(-0.8, 1.4)), 0.0, float(scene.uniform(0.45, 0.8))))
    at = target + Vector((reach * math.cos(turn), reach * math.sin(turn), float(height) - 0.6))
    studio.aim_camera(at, target, lens, 8, float(scene.normal(0, 3)))
    return types, severity


def _crash(shell, random):
    """One to three blows on the side that the camera sees."""
    hardest = 0.0
    for _ in range(random.integers(1, 4)):
        force = float(random.uniform(0.15, 1.0))
        hardest = max(hardest, force)
        if random.random() < 0.5:
            at = (2.2, random.uniform(-0.7, 0.5), random.uniform(0.5, 0.9))
            push = numpy.array((-0.75, random.uniform(-0.2, 0.2), random.uniform(-0.1, 0.25)))
        else:
            at = (random.uniform(-1.9, 1.8), -0.88, random.uniform(0.4, 0.95))
            push = numpy.array((random.uniform(-0.2, 0.2), 0.40, random.uniform(-0.1, 0.1)))
        near = shell.crumple(at, 0.35 + 0.9 * force, tuple(push * force), 0.02 + 0.14 * force,
                             int(random.integers(1 << 16)))
        rough = noise.smooth_noise(shell.at_rest, 7, int(random.integers(1 << 16)))
        scraped = numpy.clip(near * 1.2 * force + 0.8 * rough * near - 0.3, 0, 1)
        shell.bare = numpy.maximum(shell.bare, scraped)
        if force > 0.65:
            shell.torn |= near + 0.45 * rough > 0.95 - 0.4 * force
        shell.lamp = shell.lamp * (near < 0.3)
    return ["dent"] + (["broken"] if hardest > 0.65 else []), 1 if hardest < 0.35 else (
        2 if hardest < 0.7 else 3)


def _side(colour, dust, scene, harm):
    vehicles.TEXTURE = TEXTURE
    damage = vehicles.Damage()
    types, severity = ([], 0) if harm is None else _blow(damage, harm)
    vehicles.add_body(colour, damage, dust)
    target = Vector((float(scene.uniform(-0.6, 1.2)), 0.0, float(scene.uniform(0.5, 0.8))))
    at = target + Vector((float(scene.uniform(-1, 1)), -float(scene.uniform(1.4, 3.0)),
                          float(scene.uniform(0, 0.7))))
    studio.aim_camera(at, target, float(scene.uniform(35, 55)), 8, float(scene.normal(0, 3)))
    return types, severity


def _blow(damage, random):
    """Dents and scratches over the whole side, so that some are in the picture."""
    types = []
    if random.random() < 0.75:
        types.append("dent")
        for x in numpy.arange(-1.2, 2.0, random.uniform(0.4, 1.0)):
            size = random.uniform(0.06, 0.36)
            damage.dent(x + random.normal(0, 0.1), random.uniform(0.4, 0.85), size,
                        size * random.uniform(0.4, 1.2), size * random.uniform(0.12, 0.3),
                        size * random.uniform(0, 0.06), int(random.integers(1 << 16)))
    if not types or random.random() < 0.6:
        types.append("scratch")
        for x in numpy.arange(-1.2, 2.0, random.uniform(0.4, 0.9)):
            column = (x - vehicles.LEFT) / vehicles.LENGTH * TEXTURE[1]
            row = (1 - random.uniform(0.4, 0.85) / vehicles.HEIGHT) * TEXTURE[0]
            marks = noise.scratches(
                TEXTURE, (column, row), (60, 20), int(random.integers(3, 24)),
                float(random.uniform(40, 260)), float(random.uniform(0.8, 3)),
                float(random.uniform(-0.4, 0.4)), int(random.integers(1 << 16)))
            layer = damage.metal if random.random() < 0.7 else damage.scuff
            numpy.maximum(layer, marks, out=layer)
    return types, 2
