"""Recipes that made the weights in `models/weights`: each is run as `python -m models.training.NAME`."""
