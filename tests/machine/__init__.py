"""Tests of the machine side, with real processes."""
