"""Tests of the training code that need neither photos nor a trained model."""
