"""Where rendered goods stand: light from all sides, and a floor or a sheet of paper."""

import bpy

import parcels
import studio

LIGHTS = ("city", "courtyard", "interior", "studio", "forest", "sunrise", "sunset")


def lay(random, wide=60.0):
    """Light and floor at random; answers the exposure, in stops, that suits them."""
    studio.start(str(random.choice(LIGHTS)), float(random.uniform(0, 360)),
                 float(random.uniform(0.7, 1.4)))
    kind = random.random()
    if kind < 0.35:
        floor = studio.Material("paper", (0.9, 0.9, 0.9), roughness=0.9)
        studio.add_floor(floor, wide)
        studio.add_lamp((0.6, -0.8, 1.6), (0, 0, 0), float(random.uniform(20, 60)), 1.5)
        background = bpy.context.scene.world.node_tree.nodes["Background"]
        background.inputs["Strength"].default_value = float(random.uniform(1.0, 2.0))
        return float(random.uniform(0.3, 1.2))
    if kind < 0.5:
        tone = tuple(float(part) for part in random.uniform(0.02, 0.7, 3))
        studio.add_floor(studio.Material("plain", tone, roughness=float(random.uniform(0.2, 1))))
    else:
        make = (parcels.concrete, studio.asphalt, studio.wood, lambda: studio.wood(
            tuple(float(part) for part in random.uniform((0.1, 0.06, 0.03), (0.5, 0.35, 0.2))),
            float(random.uniform(2, 10))))[random.integers(4)]
        studio.add_floor(make())
    return float(random.uniform(-0.5, 0.8))
