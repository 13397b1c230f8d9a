"""Drawn faces in two styles, for the demo and for tests: the only faces that fercore itself ships."""
