"""Training, calibration, export and judging of the damage model. Never used at run time."""
