"""Parcels and cartons at random: what they look like, where they stand, what happened to them.

Everything but the damage comes from one stream of random numbers and the damage from another, so
that both pictures of a pair show the same scene.
"""

import math

import numpy
from mathutils import Vector

import grounds
import noise
import parcels
import studio

DIVISIONS = 50
KRAFT = ((0.42, 0.27, 0.145), (0.50, 0.33, 0.18), (0.36, 0.23, 0.12), (0.55, 0.40, 0.25))


def build(number, damaged):
    """Makes the scene of this number; answers what is to be known of the picture."""
    scene, harm = numpy.random.default_rng([number, 1]), numpy.random.default_rng([number, 2])
    exposure = grounds.lay(scene)
    size = _size(scene)
    parcels.SPACING = float(size.max() / DIVISIONS)
    parcel = RandomParcel(size, scene)
    facts = {"types": [], "severity": 0, "exposure": exposure}
    if damaged:
        facts["types"], facts["severity"] = parcel.harm(harm)
    parcel.dress(scene)
    if scene.random() < 0.2:
        _neighbour(size, scene)
    _camera(size, scene)
    return facts


def _size(random):
    size = random.uniform((0.16, 0.12, 0.05), (0.45, 0.34, 0.34))
    return numpy.maximum(size, size.max() * 0.22)


def _camera(size, random):
    azimuth, height = random.uniform(-65, 65), random.uniform(8, 60)
    reach = float(numpy.linalg.norm(size)) * random.uniform(1.6, 3.2)
    lens = float(random.uniform(35, 70))
    reach *= lens / 45
    middle = Vector((0, 0, float(size[2]) * 0.45)) + Vector(
        [float(part) for part in random.normal(0, 0.06, 3) * size])
    along = math.radians(azimuth - 90)
    up = math.radians(height)
    at = middle + reach * Vector(
        (math.cos(along) * math.cos(up), math.sin(along) * math.cos(up), math.sin(up)))
    at.z = max(at.z, 0.05)
    studio.aim_camera(at, middle, lens, 8, float(random.normal(0, 4)))


def _neighbour(size, random):
    """Another, intact parcel behind."""
    other = RandomParcel(_size(random), random)
    thing = other.stand(float(random.uniform(0, 90)))
    side = random.choice([-1, 1])
    thing.location = (
        float(side * size[0] * random.uniform(0.7, 1.3)), float(size[1] + random.uniform(0.1, 0.3)), 0)


class RandomParcel(parcels.Parcel):
    """A parcel with a skin of its own and everything that may happen to it."""

    def __init__(self, size, random):
        super().__init__(size)
        self.seed = int(random.integers(1 << 20))
        self.turn = float(random.uniform(-60, 60))
        self.printed = random.random() < 0.35
        self.colour = tuple(
            float(part) for part in numpy.array(KRAFT[random.integers(len(KRAFT))])
            * random.uniform(0.7, 1.25))
        self.skin = random.integers(1 << 30)

    def stand(self, turn_degrees):
        thing = super().stand(turn_degrees)
        if self.printed:
            thing.data.materials[0] = _printed(self.size, numpy.random.default_rng(self.skin)).data
        return thing

    def dress(self, random):
        """Tape, label and band as chance has it; the parcel on its floor."""
        parts = []
        if not self.printed and random.random() < 0.75:
            tone = random.choice(3)
            tape = parcels.tape() if tone == 0 else studio.Material(
                "tape", ((0.75, 0.72, 0.65), (0.7, 0.07, 0.06))[tone - 1], roughness=0.25)
            half = float(random.uniform(0.018, 0.035))
            parts.append(self.strip("tape", tape, (0, 0), half, 9.0))
        if random.random() < (0.2 if self.printed else 0.6):
            place = random.uniform(-0.25, 0.25, 2) * self.size[:2]
            half = random.uniform(0.12, 0.22, 2) * self.size[:2]
            parts.append(self.strip("label", parcels.label(), tuple(map(float, place)),
                                    float(half[0]), float(half[1]), lift=0.0016))
        thing = self.stand(self.turn)
        for part in parts:
            part.parent = thing

    def harm(self, random):
        """Does one to three things to the parcel; answers their kinds and the severity."""
        blows = {"crush": (self._corner, self._corner, self._crumple, self._squash, self._edge),
                 "dent": (self._hollow,), "tear": (self._hole, self._hole), "stain": (self._wet,)}
        names = random.choice(list(blows), size=random.choice([1, 2, 2, 3]), p=(0.5, 0.12, 0.3, 0.08))
        strength = 0.0
        for name in names:
            blow = blows[name][random.integers(len(blows[name]))]
            strength += blow(random)
        severity = 1 if strength < 0.45 else 2 if strength < 1.1 else 3
        self.points[:, 2] = numpy.clip(self.points[:, 2], 0.001, None)
        return list(dict.fromkeys(str(name) for name in names)), severity

    def _visible_corner(self, random):
        return numpy.array((random.choice([-1, 1]), -1 if random.random() < 0.75 else 1,
                            1 if random.random() < 0.8 else -1))

    def _corner(self, random):
        scale = float(self.size.max())
        force = random.uniform(0.3, 1.0)
        self.crush(self._visible_corner(random), scale * random.uniform(0.25, 0.65),
                   scale * (0.06 + 0.26 * force), int(random.integers(1 << 16)))
        return force * 0.8

    def _edge(self, random):
        signs = self._visible_corner(random)
        force = 0.0
        for share in numpy.linspace(-0.8, 0.8, int(random.integers(2, 5))):
            axis = random.integers(2)
            place = signs.astype(float)
            place[axis] = share
            scale = float(self.size.max())
            blow = random.uniform(0.2, 0.7)
            self.crush(place, scale * random.uniform(0.15, 0.4), scale * 0.22 * blow,
                       int(random.integers(1 << 16)))
            force += blow * 0.35
        return force

    def _crumple(self, random):
        """Folds all over; the whole has lost its shape."""
        scale, force = float(self.size.max()), random.uniform(0.3, 1.0)
        seed = int(random.integers(1 << 16))
        middle = self.size * (0, 0, 0.5)
        outward = (self.rest - middle) / self.size
        outward /= numpy.linalg.norm(outward, axis=1, keepdims=True)
        wave = noise.smooth_noise(self.rest, 3.0 / scale, seed, octaves=2)
        folds = noise.ridged(self.rest, random.uniform(3, 8) / scale, seed + 3)
        move = (wave * 0.10 + (folds - 0.4) * 0.10) * force * scale
        self.points += outward * move[:, None]
        self.wear += numpy.clip(folds - 0.6, 0, 1) * 1.5 * force
        return force

    def _squash(self, random):
        """Something heavy lay on it: lower, bulging, its lid sunk."""
        force = random.uniform(0.3, 1.0)
        height = self.rest[:, 2] / self.size[2]
        self.points[:, 2] *= 1 - 0.45 * force * height
        bulge = numpy.sin(numpy.clip(height, 0, 1) * numpy.pi) * 0.12 * force
        bulge *= 0.6 + noise.smooth_noise(self.rest, 6 / self.size.max(), self.seed)
        self.points[:, :2] *= (1 + bulge)[:, None]
        self.sag(float(self.size[2]) * 0.4 * force)
        folds = noise.ridged(self.rest, 5 / self.size.max(), self.seed + 9)
        self.points[:, :2] *= (1 + 0.06 * force * (folds - 0.4))[:, None]
        self.wear += numpy.clip(folds - 0.6, 0, 1) * force
        return force

    def _face_point(self, random):
        """A point of a side that the camera sees."""
        place = random.uniform(-0.32, 0.32, 3) * self.size
        place[2] += self.size[2] / 2
        if random.random() < 0.4:
            place[2] = self.size[2]
        elif random.random() < 0.7:
            place[1] = -self.size[1] / 2
        else:
            place[0] = random.choice([-1, 1]) * self.size[0] / 2
        return place

    def _hollow(self, random):
        scale, force = float(self.size.max()), random.uniform(0.3, 1.0)
        at = self._face_point(random)
        near = noise.bell(numpy.linalg.norm(self.rest - at, axis=1), scale * random.uniform(0.2, 0.5))
        inward = self.size * (0, 0, 0.5) - at
        inward /= numpy.linalg.norm(inward)
        folds = noise.ridged(self.rest, 7 / scale, int(random.integers(1 << 16)))
        self.points += inward * (near * (0.08 + 0.14 * force + 0.05 * folds) * scale)[:, None]
        self.wear += near * numpy.clip(folds - 0.6, 0, 1)
        return force * 0.6

    def _hole(self, random):
        scale, force = float(self.size.max()), random.uniform(0.15, 1.0)
        width = scale * (0.05 + 0.2 * force) * random.uniform(0.4, 1)
        self.tear(tuple(self._face_point(random)), width, scale * (0.05 + 0.16 * force)
                  * random.uniform(0.4, 1), int(random.integers(1 << 16)))
        return 0.3 + 0.8 * force

    def _wet(self, random):
        scale = float(self.size.max())
        for _ in range(random.integers(1, 4)):
            self.wet(tuple(self._face_point(random)), scale * random.uniform(0.1, 0.35),
                     int(random.integers(1 << 16)))
        return 0.4


def _printed(size, random):
    """A printed carton: fields of colour, lines of print, a picture of blots."""
    sheet = numpy.empty((256, 256, 3))
    sheet[:] = random.uniform(0.05, 0.95, 3) if random.random() < 0.6 else 0.85
    for _ in range(random.integers(2, 9)):
        top, left = random.integers(0, 220, 2)
        height, width = random.integers(6, 120, 2)
        sheet[top:top + height, left:left + width] = random.uniform(0.02, 0.95, 3)
    for _ in range(random.integers(2, 14)):
        top, left = random.integers(0, 240), random.integers(0, 160)
        ink = random.uniform(0, 1, 3) if random.random() < 0.5 else 0.03
        x, high = left, int(random.integers(3, 14))
        while x < min(250, left + random.integers(30, 200)):
            wide = int(random.integers(2, 9))
            sheet[top:top + high, x:x + wide] = ink
            x += wide + int(random.integers(1, 5))
    material = studio.Material("carton", roughness=float(random.uniform(0.2, 0.7)))
    shown = material.picture(sheet)
    texture = shown.node
    texture.projection, texture.projection_blend, texture.extension = "BOX", 0.0, "REPEAT"
    source = material.nodes.new("ShaderNodeTexCoord")
    mapping = material.nodes.new("ShaderNodeMapping")
    mapping.inputs["Scale"].default_value = [float(1 / part) for part in size]
    mapping.inputs["Location"].default_value = (0.5, 0.5, 0.0)
    material.links.new(source.outputs["Object"], mapping.inputs["Vector"])
    material.links.new(mapping.outputs["Vector"], texture.inputs["Vector"])
    board = material.mix(material.attribute("wear"), shown, (0.75, 0.7, 0.62))
    material.set("Base Color", material.mix(material.attribute("stain"), board, (0.1, 0.06, 0.03)))
    return material
